"""What may be done to the books: post, reserve, post or void what is pending, reverse, fold."""

from seta.ledger.operations.folding import fold_balances
from seta.ledger.operations.pending import Reserved, post_pending, reserve, void_pending
from seta.ledger.operations.posting import Posted, post, post_each, post_many, reverse

__all__ = [
    "Posted",
    "Reserved",
    "fold_balances",
    "post",
    "post_each",
    "post_many",
    "post_pending",
    "reserve",
    "reverse",
    "void_pending",
]
