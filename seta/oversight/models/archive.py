"""What the archive holds: sealed records, opened messages, their keys, gaps and agreements."""

import zlib
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q


def checksum(text: str) -> int:
    """What stands for a long text in an index; others may have the same, so ask for the text beside it."""
    return zlib.crc32(text.encode())


if TYPE_CHECKING:
    _Numbers = models.BigIntegerField[int, int]
else:
    _Numbers = models.BigIntegerField


class ChecksumField(_Numbers):
    """The checksum of another field's text, kept up to date by itself.

    An index over long random texts is written anew, page by page, with every batch of messages; one of numbers is a
    quarter as large.
    """

    def __init__(self, *, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**options)

    def deconstruct(self) -> Any:
        """As Django's: how to make the field again."""
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> int:
        """As Django's: the value to be kept."""
        value = checksum(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


class PullCursor(models.Model):
    """How far an account's archive has been pulled; `seq` is the last one kept.

    `caught_up_at` is when nothing newer was left at the platform, which forgets what is older than five days.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account_id = models.BigIntegerField(unique=True)
    seq = models.BigIntegerField(default=0)
    pulled_at = models.DateTimeField(null=True)
    caught_up_at = models.DateTimeField(null=True)
    newest_sent_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"archive of account {self.account_id} up to {self.seq}"


class ArchiveGap(models.Model):
    """Numbers that the platform skipped; asked for again until they come or its five days are over."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account_id = models.BigIntegerField()
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    found_at = models.DateTimeField()
    healed_at = models.DateTimeField(null=True)

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
    """A sealed record that would not open, kept as delivered so that it can be tried again.

    Once open it is an `ArchivedMessage`, and what WeCom's key would open a second time is emptied here.
    """

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
    code = models.CharField(max_length=24, blank=True)
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
    """A message of the archive; its body is sealed with the person's key, its digest stands in the audit log.

    The same message has the same msgid and the same instant, by which two of them are told apart from one that came
    twice: numbers and instants grow, so that an index of them is written at its end only.
    `revokes` is the msgid that it takes back; `unread_parts` counts what was nested too deep or too long to read;
    `log_line` is the line of the audit log that tells of it. An empty `sealed_body` was disposed of.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, db_index=False)
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
    body_key = models.ForeignKey(BodyKey, on_delete=models.PROTECT, db_index=False)
    sent_at = models.DateTimeField()
    archived_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revokes = models.CharField(max_length=128, blank=True)
    unread_parts = models.PositiveIntegerField(default=0)
    log_line = models.BigIntegerField(null=True)
    msgid_checksum = ChecksumField(of="msgid")
    conversation_checksum = ChecksumField(of="conversation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "seq"], name="archived_message_once"),
            models.UniqueConstraint(fields=["account_id", "sent_at", "msgid"], name="archived_msgid_once"),
        ]
        indexes = [
            models.Index(fields=["account_id", "msgid_checksum"], name="archived_msgid"),
            models.Index(fields=["house", "conversation_checksum", "sent_at"], name="archived_conversation"),
            models.Index(fields=["house", "sent_at"], name="archived_by_time"),
            models.Index(
                fields=["account_id", "revokes"], condition=~models.Q(revokes=""), name="archived_revocation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.msgid}"

    @staticmethod
    def in_conversations(names: Collection[str], *, by: str = "") -> Q:
        """Said in one of these conversations; `by` is the path to the message, as `message__`."""
        return _one_of("conversation", names, by)

    @staticmethod
    def with_msgids(msgids: Collection[str]) -> Q:
        """Named by one of these msgids."""
        return _one_of("msgid", msgids, "")


def _one_of(name: str, texts: Collection[str], by: str) -> Q:
    sums = sorted({checksum(text) for text in texts})
    return Q(**{f"{by}{name}_checksum__in": sums, f"{by}{name}__in": sorted(texts)})


class ArchiveMedia(models.Model):
    """A file of a message: waiting at the platform, or sealed in the media folder, or not to be had and why.

    `following` asks the platform for the next piece and `kept_bytes` says how much of the file on disk is whole, so
    that a fetch that was cut off goes on where it stopped. `log_line` is the line of the audit log that tells of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        KEPT = "kept"
        FAILED = "failed"
        FORGOTTEN = "forgotten"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account_id = models.BigIntegerField()
    message = models.ForeignKey(ArchivedMessage, on_delete=models.CASCADE, related_name="media")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=255, blank=True)
    sdkfileid = models.TextField()
    md5 = models.CharField(max_length=64, blank=True)
    declared_bytes = models.BigIntegerField(default=0)
    body_key = models.ForeignKey(BodyKey, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    code = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    following = models.TextField(blank=True)
    chunks = models.PositiveIntegerField(default=0)
    kept_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    log_line = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "place"], name="archive_media_once")]
        indexes = [models.Index(fields=["state", "due_at"], name="archive_media_to_do")]

    def __str__(self) -> str:
        return f"{self.kind} of message {self.message_id}: {self.state}"


class Agreement(models.Model):
    """What a client said to being archived with one associate; a pair that was never asked is `Unasked`.

    `active_at` is when the two last talked or met; a pair that is silent for long does not weigh on the coverage.
    """

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
    active_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "userid", "external_userid"], name="agreement_of_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.userid} and {self.external_userid}: {self.status}"
