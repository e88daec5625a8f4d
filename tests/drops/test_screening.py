"""WeChat's risk rank: asked once a drop outside the rush, what it comes to, and who decides otherwise."""

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.conversations.models import Message
from seta.drops import operations, queries
from seta.drops.events import ScreeningDecided
from seta.drops.models import Drop, Entry, Screening
from seta.drops.operations import Asker
from seta.drops.operations.forgetting import forget_person
from seta.drops.rules import DropRefused, Kind, Ranks, Screened, Terms, risk
from seta.events.models import Event
from seta.events.rules import restored
from seta.houses.queries import mini_program
from seta.people import queries as people
from seta.people.events import PersonsMerged
from seta.people.models import Person
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.boutique.shop import NOON
from tests.conversations.world import make_house
from tests.drops.release import TURN, make_drop, make_people
from tests.sandbox_server import RunningSandbox

RANKED = Terms(ranks=Ranks(check=2, refuse=4))
_numbers = count(1)


@pytest.fixture
def house(sandbox: RunningSandbox, transactional_db: None) -> Iterator[int]:
    house_id, _ = make_house(code=f"calm-{next(_numbers)}", base_url=sandbox.base_url, config=sandbox.config)
    yield house_id


def visitor(house: int, sandbox: RunningSandbox, number: int, rank: int) -> int:
    """A consumer of the sandbox who has just opened the mini program, as risky as WeChat is to find them."""
    openids = sandbox.config["official_account"]["openids"]
    login = sandbox.control("js_code", openid=openids[number])
    openid = mini_program(house).code2session(login["code"]).openid
    sandbox.control("risk_rank", openid=openid, rank=rank)
    appid = sandbox.config["mini_program"]["appid"]
    return recognise(house_id=house, identities=[IdentityKey("openid", appid, openid)], now=NOON)


def refusal(house: int, drop: int, person: int) -> str:
    """Why a person is given no ticket; nothing when they are."""
    try:
        operations.issue_ticket(
            house_id=house,
            drop_id=drop,
            person_id=person,
            session="s",
            client_ip="203.0.113.7",
            now=NOON,
        )
    except DropRefused as problem:
        return str(problem.refusal)
    return ""


def decide(house: int, drop: int, person: int, *, lets_in: bool) -> None:
    operations.decide_screening(
        house_id=house, drop_id=drop, person_id=person, lets_in=lets_in, user_id=7, now=NOON
    )


def test_ranks_let_in_hold_back_or_refuse_and_people_decide(house: int, sandbox: RunningSandbox) -> None:
    drop = make_drop(house, terms=RANKED)
    calm, doubtful, risky = (visitor(house, sandbox, n, rank) for n, rank in enumerate((1, 2, 4)))

    assert [refusal(house, drop, one) for one in (calm, doubtful, risky)] == [
        "",
        "risk_check",
        "risk_refused",
    ]
    counts = queries.counts(drop_id=drop)
    assert counts is not None
    assert counts.screened == {"clear": 1, "waiting": 1, "refused": 1}
    assert [(row.person_id, row.rank) for row in queries.screenings(drop_id=drop)] == [
        (doubtful, 2),
        (risky, 4),
    ]

    decide(house, drop, doubtful, lets_in=True)
    decide(house, drop, risky, lets_in=False)

    assert [refusal(house, drop, one) for one in (doubtful, risky)] == ["", "risk_refused"]
    trail = [(row.verb, row.user_id, row.detail) for row in queries.actions(drop_id=drop)[2:]]
    assert trail == [("let_in", 7, f"#{doubtful} / 2"), ("turn_away", 7, f"#{risky} / 4")]
    report = queries.fairness(house_id=house, drop_id=drop)
    assert report is not None
    assert report.screened == {"clear": 1, "let_in": 1, "turned_away": 1}


def test_whom_the_house_decided_about_hears_it_once_in_their_language(
    house: int, sandbox: RunningSandbox
) -> None:
    drop = make_drop(house, terms=RANKED)
    chen, anna = (visitor(house, sandbox, n, rank) for n, rank in enumerate((2, 4)))
    Person.objects.filter(pk=anna).update(language="it")
    template = sandbox.config["mini_program"]["sub_template_id"]
    for person in (chen, anna):
        openid = people.openid(person, sandbox.config["mini_program"]["appid"])
        sandbox.control("subscribe", openid=openid, template_id=template)
        refusal(house, drop, person)
    decide(house, drop, chen, lets_in=True)
    decide(house, drop, anna, lets_in=False)
    told = [restored(ScreeningDecided, row.body) for row in Event.objects.filter(name=ScreeningDecided.name)]
    told = [fact for fact in told if fact.house_id == house]

    for fact in [*told, *told]:
        operations.tell_decided(fact, NOON)

    rows = Message.objects.filter(house_id=house, channel="subscribe").order_by("id")
    assert [row.state for row in rows] == ["sent", "sent"], [row.reason for row in rows]
    assert "您可以参加" in rows[0].body
    assert "Non questa volta" in rows[1].body


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_was_changed_since_is_not_told() -> None:
    house, _ = make_house(code="changed")
    drop, (chen,) = make_drop(house, terms=RANKED), make_people(house, 1)
    Screening.objects.create(drop_id=drop, person_id=chen, rank=4, state=Screened.REFUSED, asked_at=NOON)
    decide(house, drop, chen, lets_in=False)
    decide(house, drop, chen, lets_in=True)
    first = Event.objects.filter(name=ScreeningDecided.name).order_by("id")[0]

    operations.tell_decided(restored(ScreeningDecided, first.body), NOON)

    assert not Message.objects.filter(house_id=house).exists()


@pytest.mark.parametrize("language", ["zh-Hans", "en", "it", "fr"])
@pytest.mark.parametrize("lets_in", [True, False])
def test_a_decisions_notice_keeps_within_what_the_platform_takes(language: str, lets_in: bool) -> None:
    data = risk.decision_data(piece="限" * 30, lets_in=lets_in, at=NOON, language=language)

    assert all(0 < len(value) <= 20 for value in data.values())


def test_wechat_is_asked_once_a_drop_and_never_where_there_are_no_ranks(
    house: int, sandbox: RunningSandbox
) -> None:
    plain, ranked = make_drop(house, terms=Terms(is_ticketed=True)), make_drop(house, terms=RANKED)
    chen = visitor(house, sandbox, 0, rank=2)

    assert refusal(house, plain, chen) == ""
    assert not Screening.objects.exists()
    assert refusal(house, ranked, chen) == "risk_check"
    visitor(house, sandbox, 0, rank=0)

    assert refusal(house, ranked, chen) == "risk_check"


def test_who_has_not_been_here_lately_is_asked_to_come_back(house: int, sandbox: RunningSandbox) -> None:
    drop, chen = make_drop(house, terms=RANKED), visitor(house, sandbox, 0, rank=0)
    sandbox.control("advance", seconds=7_300)

    assert refusal(house, drop, chen) == "visit_too_old"
    assert not Screening.objects.exists()
    visitor(house, sandbox, 0, rank=0)
    assert refusal(house, drop, chen) == ""


@pytest.mark.django_db(transaction=True)
def test_an_outage_of_wechats_shuts_nobody_out_is_counted_and_asked_again() -> None:
    house, _ = make_house(code="silent")
    chen = recognise(house_id=house, identities=[IdentityKey("openid", "wx-mp-silent", "o-chen")], now=NOON)
    drop = make_drop(house, terms=RANKED)

    assert [refusal(house, drop, chen) for _ in range(2)] == ["", ""]

    assert queries.screened(drop_id=drop) == {"unknown": 1}
    assert Screening.objects.get().rank is None


def test_a_draw_is_entered_only_by_whom_the_ranks_let_in(house: int, sandbox: RunningSandbox) -> None:
    drop = make_drop(house, terms=Terms(kind=Kind.DRAW, turns_at=TURN, ranks=Ranks(check=3)))
    calm, doubtful = visitor(house, sandbox, 0, 2), visitor(house, sandbox, 1, 3)

    def enter(person: int) -> str:
        return operations.enter_draw(
            house_id=house, drop_id=drop, person_id=person, client_ip="203.0.113.7", now=NOON
        )

    code = enter(calm)
    with pytest.raises(DropRefused, match="risk_check"):
        enter(doubtful)
    decide(house, drop, doubtful, lets_in=True)
    enter(doubtful)

    assert enter(calm) == code
    assert Entry.objects.filter(drop_id=drop).count() == 2


def test_the_line_takes_only_whom_a_ticket_would_have_let_in(house: int, sandbox: RunningSandbox) -> None:
    drop, (holder,) = make_drop(house, pieces=1, terms=RANKED), make_people(house, 1)
    calm, doubtful = visitor(house, sandbox, 0, 0), visitor(house, sandbox, 1, 2)
    operations.reserve_many(drop_id=drop, askers=[Asker(house, holder, 1)], now=NOON)

    def wait(person: int) -> None:
        operations.join_line(house_id=house, drop_id=drop, person_id=person, now=NOON)

    with pytest.raises(DropRefused, match="ticket_needed"):
        wait(calm)
    refusal(house, drop, calm)
    refusal(house, drop, doubtful)
    wait(calm)
    with pytest.raises(DropRefused, match="risk_check"):
        wait(doubtful)


@pytest.mark.django_db
def test_a_decision_needs_somebody_to_decide_on_and_an_open_drop() -> None:
    house, _ = make_house()
    drop, (chen, other) = make_drop(house, terms=RANKED), make_people(house, 2)
    Screening.objects.create(drop_id=drop, person_id=chen, rank=2, state="waiting", asked_at=NOON)

    with pytest.raises(DropRefused, match="no_check_due"):
        decide(house, drop, other, lets_in=True)
    with pytest.raises(DropRefused, match="unknown_drop"):
        decide(make_house(code="other")[0], drop, chen, lets_in=True)
    decide(house, drop, chen, lets_in=False)
    decide(house, drop, chen, lets_in=True)
    with pytest.raises(DropRefused, match="no_check_due"):
        decide(house, drop, chen, lets_in=False)
    operations.close_drop(drop_id=drop, now=NOON)
    with pytest.raises(DropRefused, match="closed"):
        decide(house, drop, chen, lets_in=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kept_state", "absorbed_state", "stays"),
    [
        ("clear", "refused", "refused"),
        ("waiting", "let_in", "waiting"),
        ("", "waiting", "waiting"),
    ],
)
def test_of_two_judgements_of_one_person_the_stricter_stays(
    kept_state: str, absorbed_state: str, stays: str
) -> None:
    house, _ = make_house()
    drop, (kept, absorbed) = make_drop(house, terms=RANKED), make_people(house, 2)
    for person, state in ((kept, kept_state), (absorbed, absorbed_state)):
        if state:
            Screening.objects.create(drop_id=drop, person_id=person, rank=1, state=state, asked_at=NOON)

    operations.repoint_person(
        PersonsMerged(house_id=house, occurred_at=NOON, kept_id=kept, absorbed_id=absorbed), NOON
    )

    assert [(row.person_id, row.state) for row in Screening.objects.all()] == [(kept, stays)]


@pytest.mark.django_db
def test_a_forgotten_person_leaves_the_count_and_nothing_else() -> None:
    house, _ = make_house()
    drop, (chen,) = make_drop(house, terms=RANKED), make_people(house, 1)
    Screening.objects.create(drop_id=drop, person_id=chen, rank=4, state="refused", asked_at=NOON)

    forget_person(house_id=house, person_id=chen, now=NOON)

    assert queries.screened(drop_id=drop) == {"refused": 1}
    assert not queries.screenings(drop_id=drop)


@pytest.mark.django_db
@pytest.mark.parametrize("ranks", [Ranks(0, None), Ranks(None, 5), Ranks(3, 3), Ranks(4, 2), Ranks(-1, 2)])
def test_ranks_that_make_no_sense_are_refused(ranks: Ranks) -> None:
    house, _ = make_house()

    with pytest.raises(DropRefused, match="wrong_ranks"):
        make_drop(house, terms=Terms(ranks=ranks))

    assert not Drop.objects.exists()


@given(rank=st.integers(0, 4), check=st.integers(1, 4), refuse=st.integers(1, 4))
def test_a_greater_rank_is_never_judged_more_mildly(rank: int, check: int, refuse: int) -> None:
    order = list(Screened)
    ranks = Ranks(min(check, refuse), max(check, refuse))

    judged = [order.index(risk.screened(each, ranks)) for each in range(5)]

    assert judged == sorted(judged)
    assert risk.screened(rank, Ranks()) == Screened.CLEAR


def test_a_ranked_drop_always_asks_for_a_ticket() -> None:
    assert RANKED.needs_ticket
    assert not Terms().needs_ticket
