"""Boutiques one can walk into, what can be booked there, appointments and visits."""

from django.db import models


class Boutique(models.Model):
    """A physical store. Coordinates are WGS-84; `opening_hours` is OpenStreetMap's form in the store's own time."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=80)
    district = models.CharField(max_length=40)
    address = models.CharField(max_length=160)
    lat = models.FloatField()
    lon = models.FloatField()
    opening_hours = models.CharField(max_length=200)
    timezone = models.CharField(max_length=40, default="Europe/Rome")
    phone = models.CharField(max_length=40, blank=True)
    open_to_bookings = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="boutique_code_once")]

    def __str__(self) -> str:
        return self.name


class Resource(models.Model):
    """What an appointment takes up: a salon, a fitting room, an associate; `capacity` clients at once."""

    boutique = models.ForeignKey(Boutique, on_delete=models.CASCADE, related_name="resources")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    kinds = models.JSONField(default=list)
    capacity = models.PositiveSmallIntegerField(default=1)
    slot_minutes = models.PositiveSmallIntegerField(default=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["boutique", "code"], name="resource_code_once"),
            models.CheckConstraint(
                condition=models.Q(capacity__gte=1, slot_minutes__gte=5), name="resource_holds_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.boutique_id}"


class Appointment(models.Model):
    """A client's time at a boutique. The constraints, not the code, keep two clients out of one seat."""

    class State(models.TextChoices):
        HELD = "held"
        CONFIRMED = "confirmed"
        ATTENDED = "attended"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    ACTIVE = (State.HELD, State.CONFIRMED, State.ATTENDED)

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    boutique = models.ForeignKey(Boutique, on_delete=models.CASCADE)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE)
    public_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seat = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State)
    held_until = models.DateTimeField(null=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "starts_at", "seat"],
                condition=models.Q(state__in=["held", "confirmed", "attended"]),
                name="appointment_seat_once",
            ),
            models.UniqueConstraint(
                fields=["person", "starts_at"],
                condition=models.Q(state__in=["held", "confirmed", "attended"]),
                name="appointment_person_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_lasts"
            ),
        ]
        indexes = [models.Index(fields=["house", "starts_at"], name="appointment_by_day")]

    def __str__(self) -> str:
        return self.public_id


class Visit(models.Model):
    """A client was in the store on a day, proven by the screen's code or by an associate."""

    class Means(models.TextChoices):
        CODE = "code"
        ASSOCIATE = "associate"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    boutique = models.ForeignKey(Boutique, on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE)
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.SET_NULL)
    associate_id = models.BigIntegerField(null=True)
    means = models.CharField(max_length=10, choices=Means)
    on_day = models.DateField()
    checked_in_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["boutique", "person", "on_day"], name="visit_once_a_day")
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} at boutique {self.boutique_id} on {self.on_day}"
