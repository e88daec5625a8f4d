"""Which deeds a fact tells of, by the fact's name and plain values, and how each way is called."""

from collections.abc import Mapping
from dataclasses import dataclass

from seta.kit.words import in_language
from seta.loyalty.rules.merit import Way


@dataclass(frozen=True)
class Deed:
    """Something a client did; `key` is the same whenever the fact is told again, `amount` fen of a purchase."""

    key: str
    way: Way
    label: str = ""
    amount: int = 0


WAY_NAMES: Mapping[Way, Mapping[str, str]] = {
    Way.VISIT: {"zh": "到店", "en": "Visit", "it": "Visita"},
    Way.APPOINTMENT: {"zh": "赴约", "en": "Appointment kept", "it": "Appuntamento"},
    Way.CONSULTATION: {"zh": "线上咨询", "en": "Consultation", "it": "Consulenza"},
    Way.WORKSHOP: {"zh": "工坊与活动", "en": "Workshop", "it": "Laboratorio"},
    Way.PURCHASE: {"zh": "购买", "en": "Purchase", "it": "Acquisto"},
}


def way_name(way: str, language: str) -> str:
    """A way in the reader's language."""
    return in_language(WAY_NAMES[Way(way)], language)


def deeds_of(name: str, fields: Mapping[str, object]) -> list[Deed]:
    """The deeds of a fact; none for any fact that does not earn, whatever else it tells."""
    if name == "stores.visit.checked_in":
        visit = Deed(f"visit:{fields['visit_id']}", Way.VISIT, str(fields["boutique"])[:60])
        kept = fields.get("appointment_id")
        return [visit] + ([Deed(f"appointment:{kept}", Way.APPOINTMENT, visit.label)] if kept else [])
    if name == "consultations.consultation.held":
        return [Deed(f"consultation:{fields['consultation_id']}", Way.CONSULTATION)]
    if name == "boutique.order.paid" and fields["currency"] == "CNY":
        return [
            Deed(
                f"order:{fields['order_id']}",
                Way.PURCHASE,
                str(fields["number"])[:60],
                int(str(fields["amount"])),
            )
        ]
    return []


def order_deed(order_id: int) -> str:
    """The deed that a refund of an order takes from."""
    return f"order:{order_id}"
