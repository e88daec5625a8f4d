"""Who speaks for a business, the links they come in by, and what they propose to the city."""

from django.conf import settings
from django.db import models


class Account(models.Model):
    """Somebody who has shown that letters to this address reach them; they may speak for several businesses.

    With `openid` they come in by WeChat too: it is that of the house's Official Account. A closed one is nobody's.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    email = models.EmailField(max_length=160)
    openid = models.CharField(max_length=64, blank=True, default="")
    language = models.CharField(max_length=8)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "email"], name="partner_account_once"),
            models.UniqueConstraint(
                fields=["house", "openid"], condition=~models.Q(openid=""), name="partner_openid_once"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class EntryLink(models.Model):
    """A link sent by mail, good once; only its digest is kept. `sender` is a digest of who asked for it."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    email = models.EmailField(max_length=160)
    language = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    sender = models.CharField(max_length=32)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["house", "email", "sent_at"], name="partner_link_by_email"),
            models.Index(fields=["sender", "sent_at"], name="partner_link_by_sender"),
        ]

    def __str__(self) -> str:
        return f"link of {self.sent_at}"


class Seat(models.Model):
    """That an account may speak for a business, because the city said so."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="seats")
    listing = models.SlugField(max_length=40)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "listing"], name="partner_seat_once")]

    def __str__(self) -> str:
        return f"{self.account_id} for {self.listing}"


class Proposal(models.Model):
    """What an account asks the city for; it never changes, only its state does.

    `changes` maps fields of the listing to what they shall be, `before` to what they were then. `confirms` are the
    facts that the account vouched for on the day it asked. `claim` says who they are, in their words.
    """

    class Kind(models.TextChoices):
        CLAIM = "claim"
        NEW = "new"
        CHANGE = "change"

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        REPLACED = "replaced"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=8, choices=Kind)
    listing = models.SlugField(max_length=40, blank=True)
    claim = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    confirms = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "listing"],
                condition=models.Q(state="waiting") & ~models.Q(kind="new"),
                name="partner_proposal_waits_once",
            )
        ]
        indexes = [models.Index(fields=["house", "state", "made_at"], name="partner_queue")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.listing or 'a new business'}, {self.state}"


class PaymentRequest(models.Model):
    """A business asks to be paid through WeChat Pay; the acquirer's answer is entered by the city.

    `sealed` holds what it says of itself and its bank, with the key of its documents, sealed by the vault; nothing of
    that lies here in the open. `bank_changed_by` is the member who last wrote bank details, none when the business did.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="payment_requests")
    listing = models.SlugField(max_length=40)
    state = models.CharField(max_length=12, default="draft")
    sealed = models.BinaryField()
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True, default="")
    sub_mchid = models.CharField(max_length=32, blank=True, default="")
    accepts_from = models.DateField(null=True)
    bank_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "listing"],
                condition=models.Q(state__in=("draft", "asked", "more_wanted", "sent")),
                name="partner_payment_open_once",
            )
        ]
        indexes = [models.Index(fields=["house", "state", "moved_at"], name="partner_payment_queue")]

    def __str__(self) -> str:
        return f"payments for {self.listing}, {self.state}"


class PaymentDocument(models.Model):
    """A paper of a request, sealed under the request's own key; gone once it is decided or withdrawn."""

    request = models.ForeignKey(PaymentRequest, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=10)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()
    given_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "kind"], name="partner_document_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.request_id}"


class PaymentStep(models.Model):
    """What was done with a request: by a member of the city, or by the business where there is none."""

    request = models.ForeignKey(PaymentRequest, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=16)
    about = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} at {self.at}"
