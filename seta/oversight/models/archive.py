"""What the archive holds: sealed records, opened messages, their keys, gaps and agreements."""

from django.db import models


class PullCursor(models.Model):
    """How far an account's archive has been pulled; `seq` is the last one kept."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account_id = models.BigIntegerField(unique=True)
    seq = models.BigIntegerField(default=0)
    pulled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"archive of account {self.account_id} up to {self.seq}"


class ArchiveGap(models.Model):
    """Numbers that the platform skipped, kept until somebody explains them."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account_id = models.BigIntegerField()
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "first_seq"], name="archive_gap_once"),
            models.CheckConstraint(
                condition=models.Q(first_seq__lte=models.F("last_seq")), name="archive_gap_order"
            ),
        ]

    def __str__(self) -> str:
        return f"archive numbers {self.first_seq} to {self.last_seq} missing"


class RawRecord(models.Model):
    """A sealed record as delivered, kept before anything is tried with it."""

    class State(models.TextChoices):
        KEPT = "kept"
        OPENED = "opened"
        DEAD = "dead"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    msgid = models.CharField(max_length=128)
    publickey_ver = models.IntegerField()
    encrypt_random_key = models.TextField()
    encrypt_chat_msg = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.KEPT)
    reason = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "seq"], name="raw_record_once")]
        indexes = [models.Index(fields=["account_id", "state", "seq"], name="raw_record_to_do")]

    def __str__(self) -> str:
        return f"record {self.seq} of account {self.account_id}: {self.state}"


class BodyKey(models.Model):
    """The key of one person's message bodies; erasing the person is destroying it."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL)
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sealed__isnull=False, destroyed_at__isnull=True)
                | models.Q(sealed__isnull=True, destroyed_at__isnull=False),
                name="body_key_destroyed_is_gone",
            )
        ]

    def __str__(self) -> str:
        return f"key {self.pk} of person {self.person_id}"


class ArchivedMessage(models.Model):
    """A message of the archive; its body is sealed with the person's key, its digest stands in the audit log."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    msgid = models.CharField(max_length=128)
    conversation = models.CharField(max_length=200)
    userid = models.CharField(max_length=128, blank=True)
    external_userid = models.CharField(max_length=128, blank=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL)
    sender_role = models.CharField(max_length=8)
    kind = models.CharField(max_length=32)
    sealed_body = models.BinaryField()
    body_key = models.ForeignKey(BodyKey, on_delete=models.PROTECT)
    sent_at = models.DateTimeField()
    archived_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "seq"], name="archived_message_once"),
            models.UniqueConstraint(fields=["account_id", "msgid"], name="archived_msgid_once"),
        ]
        indexes = [
            models.Index(fields=["house", "conversation", "sent_at"], name="archived_conversation"),
            models.Index(fields=["house", "sent_at"], name="archived_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.msgid}"


class Agreement(models.Model):
    """What a client said to being archived with one associate; a pair that was never asked is `Unasked`."""

    class Status(models.TextChoices):
        UNASKED = "Unasked"
        AGREE = "Agree"
        DISAGREE = "Disagree"
        DEFAULT_AGREE = "Default_Agree"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    userid = models.CharField(max_length=128)
    external_userid = models.CharField(max_length=128)
    status = models.CharField(max_length=16, choices=Status, default=Status.UNASKED)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "userid", "external_userid"], name="agreement_of_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.userid} and {self.external_userid}: {self.status}"
