"""What may be done to the books: post, reserve, void, reverse, fold."""

from seta.ledger.operations.posting import Posted, post, post_each, post_many, reverse

__all__ = ["Posted", "post", "post_each", "post_many", "reverse"]
