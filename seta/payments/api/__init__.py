"""The REST API of the till for makers of POS software: keys, payments, refunds, the day, and its own page."""

from seta.payments.api.doors import router

__all__ = ["router"]
