"""`seta payments reconcile` as a person runs it: each category planted and found, a table, an exit code."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from seta.houses.operations import connect_account, found_house
from seta.houses.rules import SECRETS_NEEDED
from seta.payments.rules.matching import Category
from seta.site import cli
from tests.payments.bills import (
    MCHID,
    NOON,
    WRITERS,
    Line,
    antom,
    charged,
    give_back,
    line,
    pay_in,
    wechat,
)

MIDNIGHT = NOON + timedelta(hours=11, minutes=58)


@pytest.fixture
def house_id(db: None) -> int:
    """A house with a merchant number at WeChat Pay."""
    found = found_house(code="serica", name="Serica Milano", kind="maison")
    connect_account(
        house_id=found,
        family="wechatpay",
        app_id=MCHID,
        base_url="http://127.0.0.1:9",
        secrets=dict.fromkeys(SECRETS_NEEDED["wechatpay"], "k" * 32),
        now=NOON,
    )
    return found


def a_bill_with_everything(house_id: int) -> list[Line]:
    """A day in the books, and its lines with one of each difference that a trade bill can hold."""
    lines = {}
    for name in ("good", "gone", "twice", "more", "dear", "revoked"):
        pay_in(house_id, "wechatpay", name, 10_000)
        lines[name] = line("P", name, 10_000)
    pay_in(house_id, "wechatpay", "late", 10_000, at=MIDNIGHT)
    give_back(pay_in(house_id, "wechatpay", "kept", 10_000), "back", 4_000, state="pending_funds")
    return [
        lines["good"],
        lines["twice"],
        lines["twice"],
        line("P", "more", 10_001),
        charged(lines["dear"], 7),
        lines["revoked"],
        line("V", "revoked", 10_000, "revoked"),
        line("P", "kept", 10_000),
        line("P", "stranger", 5_000),
        Line("P", "theirs", "theirs", 5_000, 30, "999"),
    ]


PLANTED = {
    "duplicate_in_bill": "P:twice",
    "amount_mismatch": "P:more",
    "fee_mismatch": "P:dear",
    "status_mismatch": "V:revoked",
    "missing_in_bill": "P:gone",
    "missing_in_ledger": "P:stranger",
    "unknown_merchant": "P:theirs",
    "timing": "P:late",
    "refund_pending": "R:back",
}


def test_each_category_that_is_planted_is_found_once_and_printed(
    house_id: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "bill.csv", tmp_path / "out.json"
    path.write_bytes(wechat(a_bill_with_everything(house_id)))

    code = cli.main(["payments", "reconcile", "--provider", "wechat", str(path), "--json", str(out)])

    told, said = json.loads(out.read_text()), capsys.readouterr().out
    assert code == 0
    assert {one["category"]: one["key"] for one in told["breaks"]} == PLANTED
    assert told["categories"] == {"matched": 3, **dict.fromkeys(PLANTED, 1)}
    for category, key in PLANTED.items():
        assert [row for row in said.splitlines() if row.split()[:2] == [category, key]]
    assert "9 to explain:" in said
    assert "100.00        100.01      0.01 CNY" in said


def test_with_everything_from_the_settlement_file_no_category_is_left_unplanted(
    house_id: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pay_in(house_id, "antom", "a1", 100_000)
    path, out = tmp_path / "settle.csv", tmp_path / "out.json"
    path.write_bytes(antom([line("P", "a1", 100_000)]).replace(b"7.8125", b"7.9125"))

    code = cli.main(
        ["payments", "reconcile", "--provider", "antom", str(path), "--json", str(out), "--check"]
    )

    assert code == 3
    assert json.loads(out.read_text())["categories"] == {"fx_rate_mismatch": 1}
    assert "1.62 EUR" in capsys.readouterr().out
    elsewhere = {"matched", "fx_rate_mismatch", "file_error", "balance_gap"}
    assert set(Category) == PLANTED.keys() | elsewhere


@pytest.mark.parametrize("provider", WRITERS)
def test_a_bill_that_agrees_says_so_and_leaves_with_nought(
    house_id: int, provider: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pay_in(house_id, {"wechat": "wechatpay"}.get(provider, provider), "one", 10_000)
    path = tmp_path / "bill"
    path.write_bytes(WRITERS[provider]([line("P", "one", 10_000)]))
    asked = ["payments", "reconcile", "--provider", provider, str(path), "--check"]

    assert (cli.main(asked), cli.main(asked)) == (0, 0)

    said = capsys.readouterr().out
    assert said.count("The bill and the books agree.") == 2
    assert said.count("read before; nothing changed") == 1


def test_json_to_standard_output_is_json_alone(
    house_id: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bill"
    path.write_bytes(wechat([line("P", "stranger", 5_000)]))

    assert cli.main(["payments", "reconcile", "--provider", "wechat", str(path), "--json", "-"]) == 0

    assert json.loads(capsys.readouterr().out)["categories"] == {"missing_in_ledger": 1}


def recoded(content: bytes, how: str) -> bytes:
    """A bill as another program has saved it."""
    text = content.decode("utf-8-sig")
    return text.encode(how) if how != "lines" else text.replace("\r\n", "\n").encode()


@pytest.mark.parametrize(
    ("how", "is_read"), [("gbk", False), ("utf-16", False), ("utf-8", True), ("lines", True)]
)
def test_a_bill_in_another_encoding_is_refused_whole_and_one_without_its_mark_is_read(
    house_id: int, how: str, is_read: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pay_in(house_id, "wechatpay", "one", 10_000)
    path = tmp_path / "bill.csv"
    path.write_bytes(recoded(wechat([line("P", "one", 10_000)]), how))

    code = cli.main(["payments", "reconcile", "--provider", "wechat", str(path), "--check"])

    said = capsys.readouterr()
    assert code == (0 if is_read else 1)
    assert ("agree" in said.out) if is_read else ("refused whole" in said.err)


def test_alipays_file_in_another_encoding_than_its_own_is_refused_whole(
    house_id: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bill.csv"
    path.write_bytes("\ufeff支付宝交易号,商户订单号\n".encode())

    assert cli.main(["payments", "reconcile", "--provider", "alipay", str(path)]) == 1

    assert "refused whole" in capsys.readouterr().err


def test_the_manuals_example_is_what_the_command_prints(
    house_id: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two", "three", "dear", "gone"):
        pay_in(house_id, "wechatpay", name, 10_000)
    lines = [line("P", name, 10_000) for name in ("one", "two", "three")]
    path = tmp_path / "bill.csv"
    path.write_bytes(wechat([*lines, charged(line("P", "dear", 10_000), 7)]))

    assert cli.main(["payments", "reconcile", "--provider", "wechat", str(path), "--check"]) == 3

    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"```\n{capsys.readouterr().out}```" in readme
