"""Who asks by letter is served at the shell: their own copy, and an erasure that has to be meant."""

import argparse
import json
from datetime import UTC, datetime, timedelta

import pytest

from seta.boutique.models import Order
from seta.boutique.operations import open_sales_point
from seta.houses.operations import found_house
from seta.people.models import Person
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from seta.site.commands.person import COMMAND
from seta.site.trouble import Trouble
from tests.boutique.shop import make_variant, order_one

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def shell(*words: str) -> int:
    """`seta person` with these words; its exit code."""
    parser = argparse.ArgumentParser()
    COMMAND.arguments(parser)
    return COMMAND.run(parser.parse_args(words))


@pytest.fixture
def chen() -> int:
    """A client of the house `letters`, known by an openid and a telephone."""
    house_id = found_house(code="letters", name="Serica", kind="maison")
    open_sales_point(house_id=house_id, code="monte-napoleone", district="quadrilatero")
    names = [IdentityKey("openid", "wxmp", "o-letters"), IdentityKey("phone", "", "+8613800000001")]
    return recognise(house_id=house_id, identities=names, display_name="陈晓", now=NOW)


def test_a_copy_is_found_by_number_openid_or_telephone(chen: int, capsys: pytest.CaptureFixture[str]) -> None:
    copies = []
    for name in (str(chen), "o-letters", "+8613800000001"):
        assert shell("export", "letters", name, "--language", "it", "--json", "-") == 0
        copies.append(json.loads(capsys.readouterr().out)["sections"])

    assert copies[0] == copies[1] == copies[2]
    assert {"label": "Nome", "value": "陈晓"} in copies[0][0]["rows"][0]


def test_a_copy_is_readable_at_the_shell(chen: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell("export", "letters", str(chen)) == 0

    assert "- Name: 陈晓" in capsys.readouterr().out


def test_nothing_is_erased_without_a_yes_and_everything_with_it(
    chen: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("erase", "letters", "o-letters") == 0
    assert "Orders, payments, refunds and invoices" in capsys.readouterr().out
    assert Person.objects.get(pk=chen).erased_at is None

    assert shell("erase", "letters", "o-letters", "--yes") == 0

    assert capsys.readouterr().out == "Erased.\n"
    assert Person.objects.get(pk=chen).erased_at is not None
    with pytest.raises(Trouble, match="nobody is known as o-letters"):
        shell("export", "letters", "o-letters")


def test_an_order_under_way_stands_against_it(chen: int, capsys: pytest.CaptureFixture[str]) -> None:
    house_id = Person.objects.get(pk=chen).house_id
    order = order_one(house_id, chen, make_variant(house_id))
    Order.objects.filter(number=order.number).update(expires_at=datetime.now(UTC) + timedelta(minutes=15))

    assert shell("erase", "letters", str(chen), "--yes") == 1

    assert order.number in capsys.readouterr().out
    assert Person.objects.get(pk=chen).erased_at is None


def test_a_person_of_another_house_is_nobody_here(chen: int) -> None:
    found_house(code="elsewhere", name="Lucente", kind="maison")

    with pytest.raises(Trouble, match="nobody is known as"):
        shell("export", "elsewhere", str(chen))
    with pytest.raises(Trouble, match="no house has the code"):
        shell("export", "nowhere", str(chen))
