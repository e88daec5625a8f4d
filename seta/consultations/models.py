"""Consultations, the quarters of an hour they take, who is in a room, what was agreed to and recorded."""

from django.db import models


class Consultation(models.Model):
    """A call booked between a client and an associate, and what became of it.

    `user_id` is the member who holds it, `associate_id` their place in clienteling; `listener_id` a supervisor who
    was announced to both; `appointment_id` the visit at a boutique that it prepares, if any.
    """

    class Kind(models.TextChoices):
        VOICE = "voice"
        VIDEO = "video"

    class State(models.TextChoices):
        BOOKED = "booked"
        UNDER_WAY = "under_way"
        HELD = "held"
        MISSED = "missed"
        CANCELLED = "cancelled"

    ALIVE = (State.BOOKED, State.UNDER_WAY)

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    public_id = models.CharField(max_length=40, unique=True)
    user_id = models.BigIntegerField()
    associate_id = models.BigIntegerField(null=True)
    host_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind)
    topic = models.CharField(max_length=120, blank=True)
    appointment_id = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.BOOKED)
    sequence = models.PositiveSmallIntegerField(default=0)
    cancelled_by = models.CharField(max_length=10, blank=True)
    booked_by = models.CharField(max_length=10, default="associate")
    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, blank=True)
    quality = models.JSONField(default=dict)
    came = models.JSONField(default=list)
    listener_id = models.BigIntegerField(null=True)
    listener_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="consultation_lasts"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["under_way", "held"]) | models.Q(started_at__isnull=False),
                name="consultation_held_was_begun",
            ),
        ]
        indexes = [
            models.Index(fields=["house", "starts_at"], name="consultation_by_day"),
            models.Index(fields=["house", "person", "-starts_at"], name="consultation_of_client"),
            models.Index(fields=["state", "ends_at"], name="consultation_to_close"),
        ]

    def __str__(self) -> str:
        return self.public_id


class CallHours(models.Model):
    """When clients may book a member by themselves: OpenStreetMap's form on the house's clock, empty for never."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    hours = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "user_id"], name="call_hours_once_a_member")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.hours}"


class Quarter(models.Model):
    """A quarter of an hour that somebody has given away: the constraints keep them out of two calls at once."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="quarters")
    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "at"], name="quarter_of_associate_once"),
            models.UniqueConstraint(fields=["person", "at"], name="quarter_of_client_once"),
        ]

    def __str__(self) -> str:
        return f"{self.at} of {self.consultation_id}"


class Peer(models.Model):
    """A browser in a room, one a role: `device` tells the same browser coming back from another one.

    `heard` is the number of its last signal taken, `told` that of the last one put before it.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="peers")
    role = models.CharField(max_length=10)
    device = models.CharField(max_length=64)
    session = models.PositiveIntegerField(default=1)
    heard = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "role"], name="peer_once_a_role")]

    def __str__(self) -> str:
        return f"{self.role} of {self.consultation_id}"


class Signal(models.Model):
    """What one browser tells another to find it, until it was read; the words of a call never come here."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="signals")
    seq = models.PositiveIntegerField()
    sender = models.CharField(max_length=10)
    sender_session = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "seq"], name="signal_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.sender}"


class RecordingAnswer(models.Model):
    """What a party said to being recorded, never changed: a withdrawal is a further row."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="answers")
    party = models.CharField(max_length=10)
    granted = models.BooleanField()
    words_digest = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.party} of {self.consultation_id}: {self.granted}"


class Recording(models.Model):
    """A stretch of a call that both agreed to, sealed with the client's key; `stopped_why` says what ended it."""

    class State(models.TextChoices):
        RUNNING = "running"
        KEPT = "kept"
        DELETED = "deleted"

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="recordings")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    media_type = models.CharField(max_length=40)
    key_id = models.BigIntegerField()
    pieces = models.PositiveIntegerField(default=0)
    kept_bytes = models.BigIntegerField(default=0)
    last_digest = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=12, blank=True)
    delete_after = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=models.Q(state="running"), name="recording_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"recording {self.pk} of {self.consultation_id}"


class ShownCard(models.Model):
    """A product or a place that was put before the client during the call."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="cards")
    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    shown_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
