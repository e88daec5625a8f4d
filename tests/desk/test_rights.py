"""Who may do what with money: the manual's table, the code's, and what each form really answers are the same."""

import re
from pathlib import Path

import pytest

from seta.desk.rights import ROLES, Act
from tests.desk.conftest import ROLES as EVERY_ROLE
from tests.desk.conftest import World

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "take-a-payment.md"

FORMS: dict[Act, tuple[str, ...]] = {
    Act.SELL: ("boutique/till/charge/", "boutique/till/payments/999/cancel/", "boutique/till/999/cancel/"),
    Act.REFUND: ("boutique/till/payments/999/refund/", "boutique/orders/999/refund/"),
    Act.APPROVE_REFUND: (
        *("money/refunds/999/approve/", "money/refunds/999/decline/"),
        *("boutique/refunds/999/approve/", "boutique/refunds/999/decline/"),
    ),
    Act.PRINT_CODES: ("boutique/till/codes/make/",),
    Act.RECONCILE: ("money/close-day/", "money/bills/upload/", "money/breaks/999/resolve/"),
    Act.SETTLE: ("money/settle/", "money/bank-report/", "money/batches/999/release/"),
    Act.CHANGE_TERMS: ("money/terms/rate/", "money/terms/change/", "money/terms/route/"),
    Act.CHANGE_PAYEES: ("money/payees/save/", "money/payees/account/"),
    Act.WEBHOOKS: ("money/webhooks/open/", "money/webhooks/999/rotate/"),
    Act.REVOKE_TILL_KEYS: ("money/pos-keys/999/revoke/",),
    Act.ISSUE_TILL_KEYS: ("money/pos-keys/issue/",),
}


def test_the_manual_says_what_the_code_says() -> None:
    rows = re.findall(r"^\| `(\w+)`[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|", MANUAL.read_text(), re.MULTILINE)
    told = {
        Act(name): {
            role for role, cell in zip(("associate", "finance", "admin"), cells, strict=True) if cell.strip()
        }
        for name, *cells in rows
    }

    assert told == {act: set(roles) for act, roles in ROLES.items()}


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_each_form_is_open_to_the_roles_of_the_table_and_to_no_other(world: World, role: str) -> None:
    client = world.sign_in(role)
    answered = {
        (act, path): client.post(f"/desk/{path}", {}).status_code != 403
        for act, paths in FORMS.items()
        for path in paths
    }

    assert FORMS.keys() == set(Act)
    assert answered == {(act, path): role in ROLES[act] for act, path in answered}
