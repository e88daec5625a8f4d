"""The tables of the books; their constraints hold what a journal promises."""

from django.db import models
from django.db.models import Q


class Account(models.Model):
    """One column of a house's books: a code in one currency."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    # A guarded account is a debt of ours that must never turn into a claim: its credit may not go below zero.
    is_guarded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "code", "currency"], name="ledger_account_once"),
            models.CheckConstraint(condition=~Q(code=""), name="ledger_account_has_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Journal(models.Model):
    """One fact of the business, posted once; a correction is another journal."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    idem = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "idem"], name="ledger_journal_once")]
        indexes = [
            models.Index(fields=["house", "ref"], name="ledger_journal_ref"),
            models.Index(fields=["house", "at"], name="ledger_journal_at"),
        ]

    def __str__(self) -> str:
        return self.idem


class Posting(models.Model):
    """One line of a journal: minor units, debit positive."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="postings")
    line = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journal", "line"], name="ledger_posting_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_posting_moves"),
        ]

    def __str__(self) -> str:
        return f"{self.journal_id}.{self.line} {self.amount} {self.currency}"


class Balance(models.Model):
    """The running sum of a guarded account, kept in line so that it can be refused below zero.

    House accounts have no row here: they are hot, and their balance is the sum of their postings.
    """

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="balance"
    )
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__lte=0), name="ledger_balance_guarded")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount}"
