"""Who gets a piece of a drop, who does not and why, and who is next, as values in and values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PIECES_MAX = 100_000
HOLD_SECONDS_MIN = 30
HOLD_SECONDS_MAX = 24 * 3600
HOLD_SECONDS = 600


class State(StrEnum):
    """Where a drop stands; the desk opens, pauses and closes it."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.OPEN, State.CLOSED}),
    State.OPEN: frozenset({State.PAUSED, State.CLOSED}),
    State.PAUSED: frozenset({State.OPEN, State.CLOSED}),
    State.CLOSED: frozenset(),
}


class Hold(StrEnum):
    """What a person has in a drop."""

    WAITING = "waiting"
    RESERVED = "reserved"
    PAID = "paid"
    EXPIRED = "expired"


class Refusal(StrEnum):
    """Why a drop says no; nothing has changed when one of these is given."""

    UNKNOWN_DROP = "unknown_drop"
    NOT_OPEN = "not_open"
    PAUSED = "paused"
    CLOSED = "closed"
    SOLD_OUT = "sold_out"
    STILL_LEFT = "still_left"
    SIGN_IN = "sign_in"
    BUSY = "busy"
    NO_RESERVATION = "no_reservation"
    RESERVATION_EXPIRED = "reservation_expired"
    WRONG_STATE = "wrong_state"
    WRONG_PIECES = "wrong_pieces"
    WRONG_TIMES = "wrong_times"
    NOT_ENOUGH_STOCK = "not_enough_stock"


TEXTS: dict[Refusal, dict[str, str]] = {
    Refusal.UNKNOWN_DROP: {
        "zh": "未找到此次限量发售，请返回首页查看。",
        "en": "This release was not found. Please go back and look again.",
        "it": "Questa uscita non è stata trovata. Torni indietro e controlli.",
    },
    Refusal.NOT_OPEN: {
        "zh": "发售尚未开始，请在开始时间后再试。",
        "en": "The release has not opened yet. Please come back at its opening time.",
        "it": "L'uscita non è ancora aperta. Torni all'ora di apertura.",
    },
    Refusal.PAUSED: {
        "zh": "发售暂停中，请稍候，恢复后可继续。",
        "en": "The release is paused. Please wait a moment and try again.",
        "it": "L'uscita è in pausa. Attenda un momento e riprovi.",
    },
    Refusal.CLOSED: {
        "zh": "此次发售已结束，感谢您的关注。",
        "en": "This release has ended. Thank you for your interest.",
        "it": "Questa uscita è terminata. Grazie per l'interesse.",
    },
    Refusal.SOLD_OUT: {
        "zh": "已全部预留，您可以加入候补名单。",
        "en": "Every piece is reserved. You may join the waiting list.",
        "it": "Tutti i pezzi sono riservati. Può mettersi in lista d'attesa.",
    },
    Refusal.STILL_LEFT: {
        "zh": "仍有余量，请直接预留。",
        "en": "There are pieces left. Please reserve one.",
        "it": "Ci sono ancora pezzi. Ne riservi uno.",
    },
    Refusal.SIGN_IN: {
        "zh": "登录已过期，请重新打开小程序。",
        "en": "Your session has ended. Please open the mini program again.",
        "it": "La sessione è scaduta. Riapra il mini program.",
    },
    Refusal.BUSY: {
        "zh": "参与人数较多，请稍候再试，您的预留不会重复。",
        "en": "Very many people are here. Please try again; you can never be given two.",
        "it": "Ci sono moltissime persone. Riprovi; non ne riceverà mai due.",
    },
    Refusal.NO_RESERVATION: {
        "zh": "您尚未预留，请先预留。",
        "en": "You have no reservation in this release. Please reserve first.",
        "it": "Non ha una prenotazione per questa uscita. Prima riservi un pezzo.",
    },
    Refusal.RESERVATION_EXPIRED: {
        "zh": "您的预留已过期，如仍有余量可再次预留。",
        "en": "Your reservation has expired. If pieces are left you may reserve again.",
        "it": "La prenotazione è scaduta. Se restano pezzi può riservare di nuovo.",
    },
    Refusal.WRONG_STATE: {
        "zh": "当前状态不允许此操作，请刷新后查看。",
        "en": "The release's state does not allow this. Please reload the page.",
        "it": "Lo stato dell'uscita non lo consente. Ricarichi la pagina.",
    },
    Refusal.WRONG_PIECES: {
        "zh": f"数量须为 1 至 {PIECES_MAX}。",
        "en": f"A release has from 1 to {PIECES_MAX} pieces.",
        "it": f"Un'uscita ha da 1 a {PIECES_MAX} pezzi.",
    },
    Refusal.WRONG_TIMES: {
        "zh": f"结束须晚于开始，保留时间为 {HOLD_SECONDS_MIN} 至 {HOLD_SECONDS_MAX} 秒。",
        "en": f"It must close after it opens, and hold for {HOLD_SECONDS_MIN} to {HOLD_SECONDS_MAX} seconds.",
        "it": f"Deve chiudere dopo l'apertura e riservare da {HOLD_SECONDS_MIN} a {HOLD_SECONDS_MAX} secondi.",
    },
    Refusal.NOT_ENOUGH_STOCK: {
        "zh": "线上库存不足，无法开始发售，请先调拨库存。",
        "en": "There is not enough online stock to open. Transfer pieces to online first.",
        "it": "Le scorte online non bastano per aprire. Prima trasferisca dei pezzi.",
    },
}


class DropRefused(Exception):
    """A drop said no, for a named reason; the caller shows `text(language)`."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal}: {detail}" if detail else str(refusal))
        self.refusal = refusal
        self.detail = detail

    def text(self, language: str) -> str:
        """What to do, in the caller's language."""
        return text(self.refusal, language)


def text(refusal: Refusal, language: str) -> str:
    """What a refusal says; Chinese for anything but English and Italian."""
    return TEXTS[refusal].get(language[:2], TEXTS[refusal]["zh"])


@dataclass(frozen=True, slots=True)
class Standing:
    """What must be known of a drop to say yes or no."""

    house_id: int
    state: State
    opens_at: datetime
    closes_at: datetime
    left: int


def refusal(standing: Standing, *, house_id: int, now: datetime) -> Refusal | None:
    """Why somebody of a house who holds nothing is refused, or None when a piece is theirs."""
    if standing.house_id != house_id or standing.state == State.DRAFT:
        return Refusal.UNKNOWN_DROP
    if standing.state == State.CLOSED or now >= standing.closes_at:
        return Refusal.CLOSED
    if now < standing.opens_at:
        return Refusal.NOT_OPEN
    if standing.state == State.PAUSED:
        return Refusal.PAUSED
    return Refusal.SOLD_OUT if standing.left < 1 else None


@dataclass(frozen=True, slots=True)
class Holding:
    """What a person holds in a drop: their place in line, and until when it is theirs."""

    person_id: int
    seq: int
    hold: Hold
    expires_at: datetime

    def stands(self, now: datetime) -> bool:
        """Whether asking again is answered with this holding instead of a new one."""
        return self.hold == Hold.PAID or (self.hold == Hold.RESERVED and now < self.expires_at)


def winners(asking: Sequence[int], *, holders: set[int], left: int) -> list[int]:
    """Who of those asking, in order of arrival, gets one of the pieces left: nobody twice, no holder again."""
    assert left >= 0
    fresh = [person_id for person_id in dict.fromkeys(asking) if person_id not in holders]
    return fresh[:left]


def hold_until(now: datetime, hold_seconds: int) -> datetime:
    """When a piece reserved now is free again unless it is paid."""
    return now + timedelta(seconds=hold_seconds)


def lapse(holdings: Sequence[Holding], *, now: datetime) -> list[Holding]:
    """The reservations whose time is over, in order of their place in line."""
    over = [one for one in holdings if one.hold == Hold.RESERVED and one.expires_at <= now]
    return sorted(over, key=lambda one: one.seq)


def next_in_line(holdings: Sequence[Holding], *, freed: int) -> list[Holding]:
    """Those waiting who get the freed pieces: whoever has waited longest first."""
    assert freed >= 0
    waiting = [one for one in holdings if one.hold == Hold.WAITING]
    return sorted(waiting, key=lambda one: one.seq)[:freed]


def check_plan(*, pieces: int, opens_at: datetime, closes_at: datetime, hold_seconds: int) -> None:
    """Refuses a drop that could never work."""
    if not 1 <= pieces <= PIECES_MAX:
        raise DropRefused(Refusal.WRONG_PIECES, str(pieces))
    if closes_at <= opens_at or not HOLD_SECONDS_MIN <= hold_seconds <= HOLD_SECONDS_MAX:
        raise DropRefused(Refusal.WRONG_TIMES)


def check_move(state: State, target: State) -> None:
    """Refuses a step that the drop's state does not allow."""
    if target not in MOVES[state]:
        raise DropRefused(Refusal.WRONG_STATE, f"{state} to {target}")
