"""A destination's places and partners with how sure each fact is, plans that clients keep, and what is searched."""

from django.db import models


class Confidence(models.TextChoices):
    """How sure a fact is: H checked or certain, M likely, L doubtful."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


class Guide(models.Model):
    """The version of a house's guide: a new random number with every change, so that searchers notice."""

    house = models.OneToOneField("houses.House", on_delete=models.CASCADE)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"guide of house {self.house_id}, version {self.version}"


class Place(models.Model):
    """A sight. Coordinates are WGS-84; `last_admission` is minutes before closing.

    `hours_confirmed_by` names the member of staff who vouched for the hours: for the house, never for the public.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    code = models.SlugField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    name_it = models.CharField(max_length=120)
    aliases = models.JSONField(default=list)
    lat = models.FloatField()
    lon = models.FloatField()
    district = models.CharField(max_length=40)
    category = models.CharField(max_length=20)
    visit_minutes = models.PositiveSmallIntegerField()
    opening_hours = models.CharField(max_length=200)
    last_admission = models.PositiveSmallIntegerField(default=0)
    admission = models.CharField(max_length=10)
    booking = models.CharField(max_length=10)
    conf_name = models.CharField(max_length=1, choices=Confidence)
    conf_coord = models.CharField(max_length=1, choices=Confidence)
    conf_hours = models.CharField(max_length=1, choices=Confidence)
    conf_visit = models.CharField(max_length=1, choices=Confidence)
    hours_confirmed_on = models.DateField(null=True)
    hours_confirmed_by = models.CharField(max_length=80, blank=True, default="")
    note = models.CharField(max_length=300, blank=True)
    note_zh = models.CharField(max_length=300, blank=True)
    note_it = models.CharField(max_length=300, blank=True)
    rank = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "code"], name="place_code_once"),
            models.CheckConstraint(condition=models.Q(visit_minutes__gt=0), name="place_visit_takes_time"),
            models.CheckConstraint(
                condition=models.Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="place_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh


class Partner(models.Model):
    """A business of the destination; `payment` maps a method to the day it was last confirmed.

    `confirmed` maps what the business itself has told, and the city let pass, to the day it did. `offers` and
    `photos` are in the order shown; see rules.listing.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    category = models.CharField(max_length=20)
    district = models.CharField(max_length=40)
    address = models.CharField(max_length=160)
    lat = models.FloatField()
    lon = models.FloatField()
    opening_hours = models.CharField(max_length=200)
    languages = models.JSONField(default=list)
    payment = models.JSONField(default=dict)
    menu_zh = models.BooleanField(default=False)
    hot_water = models.BooleanField(default=False)
    wifi = models.BooleanField(default=False)
    tax_free = models.BooleanField(default=False)
    halal = models.BooleanField(default=False)
    accessible = models.BooleanField(default=False)
    note_zh = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True, default="")
    note_it = models.CharField(max_length=200, blank=True, default="")
    confirmed = models.JSONField(default=dict)
    offers = models.JSONField(default=list)
    photos = models.JSONField(default=list)
    listed = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="partner_code_once")]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """One client's day; found by a random id, by its owner only, and gone thirty days after it is over.

    The days of one stay share the random id `trip`; what concerns the stay as a whole is with its first day.
    `remind`: its owner wants to be told before it, and has not been yet.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE)
    public_id = models.CharField(max_length=40, unique=True)
    day = models.DateField()
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()
    start_place = models.CharField(max_length=40, blank=True)
    interests = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    trip = models.CharField(max_length=40, blank=True, default="", db_index=True)
    pace = models.CharField(max_length=8, blank=True, default="")
    notes = models.JSONField(default=list)
    dispersal = models.JSONField(default=dict)
    remind = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public_id


class PlanStop(models.Model):
    """One stay of a plan; minutes since midnight in Milan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="stops")
    place = models.ForeignKey(Place, on_delete=models.CASCADE)
    position = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=8)
    travel_minutes = models.PositiveSmallIntegerField()
    arrive_minute = models.PositiveSmallIntegerField()
    start_minute = models.PositiveSmallIntegerField()
    leave_minute = models.PositiveSmallIntegerField()
    booked = models.BooleanField(default=False)
    why = models.CharField(max_length=16, blank=True, default="")
    shelter = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_stop_position"),
            models.CheckConstraint(
                condition=models.Q(start_minute__gte=models.F("arrive_minute"))
                & models.Q(leave_minute__gt=models.F("start_minute")),
                name="plan_stop_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"stop {self.position} of plan {self.plan_id}"


class MissedSearch(models.Model):
    """A search that found nothing, without who searched: what the guide should learn next."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    query = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["house", "at"], name="missed_by_day")]

    def __str__(self) -> str:
        return self.query


class SearchHeard(models.Model):
    """That somebody searched for something today; gone when the day is closed.

    `who` is a keyed digest of the day, the query and the person: it tells two people apart and names neither.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    day = models.DateField()
    query = models.CharField(max_length=60)
    channel = models.CharField(max_length=20)
    who = models.CharField(max_length=32)
    found = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "house", "query", "channel", "who"], name="search_heard_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.query


class SearchedDay(models.Model):
    """How many people at least searched for something on a day that is over; only what enough of them did."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    day = models.DateField()
    query = models.CharField(max_length=60)
    people = models.PositiveIntegerField()
    found = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "day", "query"], name="searched_day_once")]

    def __str__(self) -> str:
        return f"{self.query} on {self.day}"
