"""Keeps how orders reach their clients, how gifts are made up and what a house promises after the sale."""

from django.db import models
from django.db.models import Q

from seta.boutique.models.orders import Order
from seta.boutique.rules.fulfilment import Stage, Way


class ServiceTerms(models.Model):
    """What a house promises after the sale; without a row the rules' own terms are in force."""

    house = models.OneToOneField("houses.House", on_delete=models.PROTECT, related_name="+")
    delivery_fee = models.BigIntegerField()
    free_from = models.BigIntegerField()
    return_days = models.PositiveSmallIntegerField()
    pickup_days = models.PositiveSmallIntegerField()
    send_back_days = models.PositiveSmallIntegerField()
    exchange_days = models.PositiveSmallIntegerField()
    fitting_hours = models.PositiveSmallIntegerField()
    changed_by = models.BigIntegerField()
    changed_at = models.DateTimeField()


class DeliveryFee(models.Model):
    """What a delivery to one market costs, in fen, where it is not what the house's terms say."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    market = models.CharField(max_length=2)
    delivery_fee = models.BigIntegerField()
    free_from = models.BigIntegerField()
    changed_by = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "market"], name="delivery_fee_once_a_market"),
            models.CheckConstraint(
                condition=Q(delivery_fee__gte=0, free_from__gte=0), name="delivery_fee_is_no_gift_of_money"
            ),
        ]


class Fulfilment(models.Model):
    """How an order's pieces reach the client and where they are; an order without a row has just begun."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="fulfilment")
    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=[(way, way) for way in Way])
    stage = models.CharField(max_length=12, choices=[(stage, stage) for stage in Stage])
    boutique_code = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=8, blank=True)
    recipient = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=80, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, blank=True)
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=40, blank=True)
    ready_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    handed_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["house", "way", "stage"], name="fulfilment_to_do")]
        constraints = [
            models.UniqueConstraint(
                fields=["house", "code"], condition=~Q(code=""), name="pickup_code_once_a_house"
            ),
            models.CheckConstraint(
                condition=~Q(way="pickup") | (~Q(boutique_code="") & ~Q(code="")),
                name="pickup_has_place_and_code",
            ),
            models.CheckConstraint(
                condition=~Q(way="delivery") | ~Q(street=""), name="delivery_has_an_address"
            ),
            models.CheckConstraint(
                condition=~Q(stage="shipped") | ~Q(tracking=""), name="parcel_has_a_number"
            ),
        ]


class Gift(models.Model):
    """How an order is made up as a gift; the card's words were judged before they were kept."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="gift")
    is_wrapped = models.BooleanField()
    card_text = models.CharField(max_length=120, blank=True)
    hides_prices = models.BooleanField()


class OrderNote(models.Model):
    """One thing that happened to an order, by whom; never edited. `user_id` is null for the client or the clock."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="notes")
    what = models.CharField(max_length=24)
    detail = models.CharField(max_length=200, blank=True)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
