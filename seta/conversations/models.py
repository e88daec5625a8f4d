"""Who follows which account, every message either way, the menu, and pictures already uploaded."""

from django.db import models


class Follow(models.Model):
    """One spell of following an account; a person who comes back gets a new row."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account = models.ForeignKey("houses.PlatformAccount", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE)
    followed_at = models.DateTimeField()
    unfollowed_at = models.DateTimeField(null=True)
    scene = models.CharField(max_length=64, blank=True)
    campaign = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person"],
                condition=models.Q(unfollowed_at__isnull=True),
                name="follow_open_once",
            )
        ]
        indexes = [models.Index(fields=["house", "followed_at"], name="follow_by_day")]

    def __str__(self) -> str:
        return f"person {self.person_id} follows account {self.account_id}"


class Conversation(models.Model):
    """All that one person and one account have said; `unanswered_since` is set while staff owe a reply."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account = models.ForeignKey("houses.PlatformAccount", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_inbound_at = models.DateTimeField(null=True)
    unanswered_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "person"], name="conversation_of_account_and_person")
        ]
        indexes = [models.Index(fields=["house", "-last_at"], name="conversation_newest")]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Message(models.Model):
    """One message or event; what leaves is kept before it is sent, with what became of it."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    class State(models.TextChoices):
        RECEIVED = "received"
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        HELD = "held"

    class Channel(models.TextChoices):
        CALLBACK = "callback"
        PASSIVE = "passive"
        SERVICE = "service"
        SUBSCRIBE = "subscribe"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account = models.ForeignKey("houses.PlatformAccount", on_delete=models.CASCADE)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    channel = models.CharField(max_length=9, choices=Channel)
    kind = models.CharField(max_length=24)
    body = models.TextField(blank=True)
    platform_msgid = models.CharField(max_length=160, null=True)
    key = models.CharField(max_length=120, null=True)
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "platform_msgid"], name="message_received_once"),
            models.UniqueConstraint(fields=["account", "key"], name="message_asked_once"),
        ]
        indexes = [models.Index(fields=["conversation", "sent_at", "id"], name="message_thread")]

    def __str__(self) -> str:
        return f"{self.direction} {self.kind} {self.pk}"


class Menu(models.Model):
    """An account's menu: the draft that staff edit and what the platform was last given."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    account = models.OneToOneField("houses.PlatformAccount", on_delete=models.CASCADE)
    draft = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    published = models.JSONField(null=True)
    published_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"menu of account {self.account_id}"


class UploadedPicture(models.Model):
    """A picture that an account holds at the platform, which forgets it after three days."""

    account = models.ForeignKey("houses.PlatformAccount", on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)
    media_id = models.CharField(max_length=160)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="picture_uploaded_once")]

    def __str__(self) -> str:
        return self.media_id
