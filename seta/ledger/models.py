"""The tables of the books; their constraints hold what a journal promises."""

from django.db import models
from django.db.models import F, Q


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

    # Without an index of its own: the unique key below begins with it, and every index is paid for by every journal.
    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+", db_index=False)
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

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="postings", db_index=False)
    line = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings", db_index=False)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journal", "line"], name="ledger_posting_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_posting_moves"),
        ]
        # An account's tail: what was posted to it after the journal up to which balances are folded.
        indexes = [models.Index(fields=["account", "journal"], name="ledger_posting_tail")]

    def __str__(self) -> str:
        return f"{self.journal_id}.{self.line} {self.amount} {self.currency}"


class Pending(models.Model):
    """The first phase of a journal: promised, counted against guarded accounts, not yet in the books."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+", db_index=False)
    idem = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "idem"], name="ledger_pending_once")]
        indexes = [models.Index(fields=["house", "ref"], name="ledger_pending_ref")]

    def __str__(self) -> str:
        return self.idem


class PendingLine(models.Model):
    """One line of a pending journal: it moves no balance until the journal is posted."""

    pending = models.ForeignKey(Pending, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pending", "line"], name="ledger_pending_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_pending_line_moves"),
        ]

    def __str__(self) -> str:
        return f"{self.pending_id}.{self.line} {self.amount} {self.currency}"


class Resolution(models.Model):
    """The second phase of a pending journal: posted or voided, once and for good."""

    class Outcome(models.TextChoices):
        """How a pending journal ended."""

        POSTED = "posted"
        VOIDED = "voided"

    pending = models.OneToOneField(
        Pending, on_delete=models.PROTECT, primary_key=True, related_name="resolution"
    )
    outcome = models.CharField(max_length=8, choices=Outcome)
    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="posted", journal__isnull=False)
                | Q(outcome="voided", journal__isnull=True),
                name="ledger_resolution_says_which",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pending_id} {self.outcome}"


class Balance(models.Model):
    """The running sum of a guarded account, kept in line so that it can be refused below zero.

    `held` is what pending journals may still debit. House accounts have no row here: they are hot, and their balance is
    what is folded plus the tail.
    """

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="balance"
    )
    amount = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__lte=-F("held")), name="ledger_balance_guarded"),
            models.CheckConstraint(condition=Q(held__gte=0), name="ledger_balance_holds"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount}, {self.held} held"


class Fold(models.Model):
    """How far the books are folded: every journal up to this one is counted in `Folded`. One row."""

    upto = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"up to {self.upto}"


class Folded(models.Model):
    """An account's turnover up to the fold; its balance is debit - credit plus the tail."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="folded")
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)
    postings = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.account_id}: {self.debit - self.credit}"
