"""A day of payments in bad weather: clients, tills and refunds as planned, while calls fail and processes die.

Three hands do the house's work: one places the mini program's orders, one charges barcodes, one is the worker with its
sweeps and deliveries. Notifications come over HTTP to a real server, which is killed now and then. Within a round the
hands work side by side; rounds, and what is decided in them, follow the plan's order.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from seta.kit.clock import BEIJING, beijing_day
from tests.storm.plan import PaymentPlan, Plan, RefundPlan
from tests.storm.tally import Tally
from tests.storm.yard import Hand, Server, Yard

CLIENTS = 8
# The first payments come this long after Beijing's midnight; the last ones leave time for everything to end.
MORNING, EVENING = timedelta(minutes=1), timedelta(hours=19)
# When the worker's sweep runs in a round, in seconds after its payments: about each limit of the barcode loop.
SWEEPS = (6, 50, 56, 63, 70)
OUTCOMES = {
    "waits_then_pays": "USERPAYING",
    "waits_in_vain": "USERPAYING",
    "unknown_but_paid": "SYSTEM_ERROR_PAID",
    "unknown_in_vain": "SYSTEM_ERROR",
    "declined": "AUTH_CODE_EXPIRED",
}
# What the sandbox's Antom calls the same.
ANTOM_OUTCOMES = {
    "USERPAYING": "PROCESSING",
    "SYSTEM_ERROR_PAID": "UNKNOWN_PAID",
    "SYSTEM_ERROR": "UNKNOWN",
    "AUTH_CODE_EXPIRED": "CODE_INVALID",
}
# These never reach the sandbox's cashier, so they use up no planned outcome.
UNSENT = frozenset({"500", "timeout_before", "kill_request"})
NOTICES = {
    "notice_dropped": ("drop", 1),
    "notice_lost": ("drop", 40),
    "notice_doubled": ("duplicate", 1),
    "notice_reordered": ("reorder", 1),
    "notice_forged": ("bad_signature", 1),
    "notice_probe": ("sign_test", 1),
}
# What a payment's and a refund's first notification is called, before the number it is about.
PAID = {"wechat": "TRANSACTION.SUCCESS", "alipay": "trade_status_sync", "antom": "PAYMENT_RESULT"}
BACK = {"wechat": "REFUND.SUCCESS", "alipay": "trade_status_sync", "antom": "REFUND_RESULT"}
CALLS = {"500": 0.0, "500_after": 0.0, "timeout": 0.02, "timeout_before": 0.02, "slow": 0.2}


@dataclass
class Told:
    """What anybody was told during the day, to be held against the books at its end."""

    paid: set[str] = field(default_factory=set)
    refunded: set[str] = field(default_factory=set)
    surprises: list[str] = field(default_factory=list)
    kills: int = 0


@dataclass
class Day:
    """A plan being carried out in a yard."""

    place: Yard
    plan: Plan
    orders: Hand
    till: Hand
    worker: Hand
    server: Server
    now: datetime
    round_seconds: float
    houses: dict[bool, int]
    printed: dict[str, Any]
    told: Told = field(default_factory=Told)
    tally: Tally = field(default_factory=Tally)
    cards: dict[int, dict[str, Any]] = field(default_factory=dict)
    due: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def run(self) -> None:
        """All rounds, then the hours after."""
        for number in range(self.plan.rounds):
            self.round(number)
        self.drain()

    def drain(self) -> None:
        """Hours in which nobody comes and whatever is open ends."""
        for _ in range(8):
            self.pass_time(30 * 60)
            self.sweep()
        self.read_journal()

    def round(self, number: int) -> None:
        """One round: open, send, pay, let time pass with sweeps, refund."""
        mine = self.plan.of_round(number)
        self.set_terms(*self.plan.terms[number])
        self.open(mine)
        for payment in mine:
            self.prepare_trouble(payment)
        self.send(mine)
        self.clients_pay(mine, self.plan.server_kills.get(number))
        self.refund(self.due.pop(number, []))
        passed = 0
        for second in SWEEPS:
            self.pass_time(second - passed)
            passed = second
            self.sweep()
        self.pass_time(max(self.round_seconds - passed, 0))
        self.read_journal()

    def set_terms(self, scaled: int, policy: str) -> None:
        """The rate moves, and refunds leave the books at it or at their payment's."""
        steps = [
            step
            for house_id in self.houses.values()
            for step in (
                self.step("set_rate", house_id=house_id, currency="EUR", scaled=scaled),
                self.step("set_terms", house_id=house_id, refund_policy=policy, second_person_above=10**9),
            )
        ]
        outcomes = self.worker.do("many", steps=steps)
        assert all("done" in outcome for outcome in outcomes), outcomes
        self.tally.saw("rate moved")

    def open(self, mine: Sequence[PaymentPlan]) -> None:
        """Keep every payment of the round."""
        found = self.both(
            [self.opening(one) for one in mine if one.how.is_order],
            [self.opening(one) for one in mine if not one.how.is_order],
        )
        for one, outcome in zip(by_hand(mine), found, strict=True):
            assert "done" in outcome, outcome
            self.cards[one.number] = outcome["done"]
            self.tally.planned[outcome["done"]["out_trade_no"]] = one
            before = one.round
            for place, back in enumerate(one.refunds):
                later = min(one.round + back.rounds_later, self.plan.rounds - 1)
                # Two refunds of an order want a minute between them: what the day's end would push together is left.
                if later > before:
                    self.due.setdefault(later, []).append((one.number, place))
                    before = later
        self.enter_again([one for one in mine if one.how.is_printed])

    def opening(self, one: PaymentPlan) -> dict[str, Any]:
        """The step that opens a payment."""
        house_id = self.houses[one.how.is_abroad]
        if one.how.is_printed:
            key = f"storm-{one.number:06}"
            return self.step("open_at_code", house_id=house_id, amount=one.amount, key=key, **self.printed)
        return self.step(
            "open_intent",
            house_id=house_id,
            person_id=None,
            reference=f"storm-{one.number}",
            amount=one.amount,
            description="foulard",
            method=one.how.method,
            settle_currency="EUR",
        )

    def enter_again(self, printed: Sequence[PaymentPlan]) -> None:
        """Clients at a printed code tap twice: the second tap is the same payment."""
        again = self.orders.do("many", steps=[self.opening(one) for one in printed])
        for one, outcome in zip(printed, again, strict=True):
            if outcome.get("done", {}).get("intent_id") != self.cards[one.number]["intent_id"]:
                self.told.surprises.append(f"{one}: entered twice, {outcome}")
            self.tally.saw("amount entered twice at a printed code")

    def prepare_trouble(self, one: PaymentPlan) -> None:
        """Plan the sandbox's faults about this payment's own number."""
        number = self.cards[one.number]["out_trade_no"]
        if one.trouble in NOTICES:
            kind, times = NOTICES[one.trouble]
            match = f"{PAID[one.provider]} {number}"
            self.place.sandbox.control("fault", match=match, kind=kind, times=times)
        elif one.trouble in CALLS:
            self.fault(one.trouble, number)

    def fault(self, kind: str, about: str, *, match: str = "*", times: int = 1) -> None:
        """The next call about this number fails so."""
        self.place.sandbox.control(
            "fault", match=match, kind=kind, about=about, times=times, value=CALLS[kind] or None
        )

    def send(self, mine: Sequence[PaymentPlan]) -> None:
        """Place the orders and charge the codes; those whose process is to die are sent by one of its own."""
        doomed = [one for one in mine if one.trouble.startswith("kill")]
        well = [one for one in mine if one not in doomed]
        for one in [*well, *doomed]:
            if not one.how.is_order and one.trouble not in UNSENT:
                outcome = OUTCOMES.get(one.trouble, "SUCCESS")
                if one.provider == "antom":
                    outcome = ANTOM_OUTCOMES.get(outcome, outcome)
                self.place.sandbox.control("next_codepay", provider=one.provider, outcome=outcome)
        steps = {one.number: self.sending(one) for one in mine}
        found = self.both(
            [steps[one.number] for one in well if one.how.is_order],
            [steps[one.number] for one in well if not one.how.is_order],
        )
        for one, answer in zip(by_hand(well), found, strict=True):
            self.note_sent(one, answer)
        for one in doomed:
            step = steps[one.number]
            # A shown code is kept where an order of the mini program keeps its prepay_id.
            is_shown = (step["do"], one.trouble) == ("show_qr", "kill_prepay")
            self.die(step, "kill_shown" if is_shown else one.trouble, one.kind)
            if one.how.is_order:
                # The client's phone asks again.
                self.note_sent(one, self.orders.outcome("many", steps=[steps[one.number]])["done"][0])

    def sending(self, one: PaymentPlan) -> dict[str, Any]:
        """The step that sends a payment."""
        intent_id = self.cards[one.number]["intent_id"]
        if one.how.method == "wechat_jsapi":
            return self.step("prepay", intent_id=intent_id, openid=openid_of(self.place.sandbox.config))
        if one.how.is_order:
            return self.step("show_qr", intent_id=intent_id)
        code = self.place.sandbox.control("payment_code", provider=one.provider)["auth_code"]
        return self.step("pay_barcode", intent_id=intent_id, auth_code=code)

    def die(self, step: dict[str, Any], trouble: str, kind: str) -> None:
        """Let a process do the step until the trouble's point, and kill it there, which is of this kind."""
        points = {
            "kill_request": {"request": "/"},
            "kill_response": {"response": "/"},
            "kill_prepay": {"sql": 'UPDATE "payments_attempt" SET "prepay_id"'},
            "kill_shown": {"sql": 'INSERT INTO "payments_showncode"'},
            "kill_fact": {"sql": '"payments_providerfact"'},
        }
        hand = self.place.hand()
        outcome = hand.outcome(
            step["do"], now=datetime.fromisoformat(step["now"]), stop=points[trouble], **step["args"]
        )
        if "stopped" in outcome:
            self.tally.saw(kind)
        else:
            self.told.surprises.append(f"{trouble} was not reached: {step}: {outcome}")
        hand.kill()
        self.told.kills += 1

    def note_sent(self, one: PaymentPlan, outcome: dict[str, Any]) -> None:
        """Remember what the till was told; whatever the weather does not explain is a surprise."""
        done = outcome.get("done")
        if not one.how.is_order and done and done["state"] == "succeeded":
            self.told.paid.add(done["out_trade_no"])
        if "failed" in outcome or "refused" in outcome:
            self.told.surprises.append(f"{one}: {outcome}")

    def clients_pay(self, mine: Sequence[PaymentPlan], kill_after: int | None) -> None:
        """Clients confirm, several at a time; with `kill_after` the server dies when so many have."""
        paying = [one for one in mine if one.how.is_order and one.trouble != "never_pays"]
        paying += [one for one in mine if one.trouble == "waits_then_pays"]
        with ThreadPoolExecutor(CLIENTS) as crowd:
            jobs = [crowd.submit(self.client_pays, one) for one in paying]
            if kill_after is not None:
                for job in jobs[:kill_after]:
                    job.result()
                self.server.kill()
                self.told.kills += 1
                self.tally.saw("server killed")
            for job in jobs:
                job.result()
        if kill_after is not None:
            self.server = self.place.serve(has_worker=False)

    def client_pays(self, one: PaymentPlan) -> None:
        """One client confirms; an order that was never placed has nothing to confirm."""
        number = self.cards[one.number]["out_trade_no"]
        answer = self.place.sandbox.client.post(
            f"{self.place.sandbox.base_url}/_control/pay",
            json={"provider": one.provider, "out_trade_no": number},
        )
        if answer.status_code != 200 and one.trouble not in UNSENT:
            self.told.surprises.append(f"{one}: {answer.text}")

    def refund(self, asked: Sequence[tuple[int, int]]) -> None:
        """The refunds of a round."""
        by_number = {one.number: one for one in self.plan.payments} if asked else {}
        for number, place in asked:
            one = by_number[number]
            self.refund_one(one, one.refunds[place], f"storm-{number}-{place}", is_last=place > 0)

    def refund_one(self, one: PaymentPlan, back: RefundPlan, key: str, *, is_last: bool) -> None:
        """Ask for one refund, in its weather; what was never paid is refused, and rightly so."""
        first = one.amount * one.refunds[0].share // 1_000
        amount = one.amount - first if is_last else first
        card = self.cards[one.number]
        step = self.step("refund", intent_id=card["intent_id"], amount=amount, reason="size", key=key)
        self.prepare_refund(one, back)
        if back.trouble.startswith("kill"):
            if self.state(one) == "succeeded":
                self.die(step, back.trouble, f"refund: {back.trouble}")
            return
        times = 2 if back.trouble == "clicked_twice" else 1
        found = [self.till.outcome("many", steps=[step])["done"][0] for _ in range(times)]
        if back.trouble == "pool_empty":
            # Filled again; the sweep finds it so when the refund's next turn comes.
            self.place.sandbox.control("payment_settings", provider="wechat", cny_pool=None)
        self.note_refund(one, back, found)

    def prepare_refund(self, one: PaymentPlan, back: RefundPlan) -> None:
        """Plan the sandbox's faults about a refund, or take the money away that it would be paid from."""
        number = self.cards[one.number]["out_trade_no"]
        if back.trouble in CALLS:
            # Antom is told its own number of the payment, not ours. Three times: an idempotent call is repeated.
            where = (
                {"about": "", "match": "payments/refund"} if one.provider == "antom" else {"about": number}
            )
            self.fault(back.trouble, times=3, **where)
        elif back.trouble in NOTICES:
            kind, times = NOTICES[back.trouble]
            match = BACK[one.provider] + (f" {number}" if one.provider == "alipay" else "")
            self.place.sandbox.control("fault", match=match, kind=kind, times=times)
        elif back.trouble == "pool_empty":
            self.place.sandbox.control("payment_settings", provider="wechat", cny_pool=0)

    def state(self, one: PaymentPlan) -> str:
        """A payment's state now."""
        intent_id = int(self.cards[one.number]["intent_id"])
        (row,) = self.worker.do("sql", statement=f"SELECT state FROM payments_intent WHERE id={intent_id}")
        return str(row[0])

    def note_refund(self, one: PaymentPlan, back: RefundPlan, found: Sequence[dict[str, Any]]) -> None:
        """Remember a refund's number; two clicks must give the same one."""
        states = {outcome["done"]["state"] for outcome in found if "done" in outcome}
        is_double = back.trouble == "clicked_twice" and all("done" in outcome for outcome in found)
        if is_double or (back.trouble == "pool_empty" and states == {"pending_funds"}):
            self.tally.saw(f"refund: {back.trouble}")
        numbers = {outcome["done"]["out_refund_no"] for outcome in found if "done" in outcome}
        self.told.refunded |= {
            outcome["done"]["out_refund_no"]
            for outcome in found
            if "done" in outcome and outcome["done"]["state"] == "succeeded"
        }
        refusals = {outcome.get("refused") for outcome in found if "done" not in outcome}
        if len(numbers) > 1 or not refusals <= {"not_paid", "refund_too_soon"}:
            self.told.surprises.append(f"{one}: {found}")

    def pass_time(self, seconds: float) -> None:
        """Move the virtual clock; what falls due at the sandbox happens before this returns."""
        self.now += timedelta(seconds=seconds)
        self.place.sandbox.control("advance", seconds=seconds)

    def sweep(self) -> None:
        """The worker's turn: ask about what is undecided, deliver what was told."""
        steps = [self.step("query_unknown"), self.step("deliver")]
        for outcome in self.worker.do("many", steps=steps):
            if "done" not in outcome:
                self.told.surprises.append(f"the worker: {outcome}")

    def read_journal(self) -> None:
        """What the sandbox has seen since it was asked last."""
        self.tally.read(self.place.sandbox.journal(since=self.tally.seen))

    def step(self, do: str, **args: Any) -> dict[str, Any]:
        """A step for a hand at the present virtual time."""
        return {"do": do, "args": args, "now": self.now.isoformat()}

    def both(self, orders: list[dict[str, Any]], till: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Let both hands work at once; gives the outcomes, the orders' first."""
        self.orders.tell("many", steps=orders)
        self.till.tell("many", steps=till)
        return [*self.orders.hear()["done"], *self.till.hear()["done"]]


def by_hand(mine: Sequence[PaymentPlan]) -> Iterator[PaymentPlan]:
    """The payments in the order in which `Day.both` gives their outcomes."""
    yield from (one for one in mine if one.how.is_order)
    yield from (one for one in mine if not one.how.is_order)


def begin(place: Yard, plan: Plan) -> Day:
    """Move the sandbox to the morning of the next Beijing day and start everybody."""
    place.sandbox.control("payment_settings", provider="wechat", refund_seconds=45)
    place.sandbox.control("payment_settings", provider="alipay", refund_mode="success")
    server = place.serve(has_worker=False, wait=False)
    real = datetime.now(UTC)
    midnight = datetime.combine(beijing_day(real) + timedelta(days=1), time.min, BEIJING)
    morning = (midnight + MORNING).astimezone(UTC)
    place.sandbox.control("advance", seconds=(morning - real).total_seconds())
    orders, till, worker = place.hand(), place.hand(), place.hand()
    place.await_server(server)
    config, house_id = place.sandbox.config, place.house_id
    abroad = orders.do("found_abroad", config=config, base_url=place.sandbox.base_url)
    person_id = orders.do(
        "recognise", house_id=house_id, app=config["wechat"]["appid"], openid=openid_of(config)
    )
    code = orders.do("make_static_code", house_id=house_id, boutique_code="brera", title="Brera")["code"]
    return Day(
        place,
        plan,
        orders,
        till,
        worker,
        server,
        morning,
        EVENING.total_seconds() / plan.rounds,
        {False: house_id, True: abroad},
        {"person_id": person_id, "code": code},
    )


def openid_of(config: dict[str, Any]) -> str:
    """The client's in the mini program."""
    return str(config["wechat"]["openid"])
