"""Every measure, defined once in Ibis, so that DuckDB and Spark compute the same rows.

Only joins, filters, grouping and plain comparisons are used: string splitting and implicit casts mean other things
to other engines.
"""

import ibis
from ibis import _
from ibis.expr.types import Table

from seta.insights.rules import ATTRIBUTION_WINDOW, FUNNEL, TOUCHES


def people_now(events: Table) -> Table:
    """Events with each person's number after any merging, and the same actor for a click and whoever made it."""
    merged = events.filter(_.name == "people.person.merged").select("absorbed_id", "kept_id").distinct()
    merged = merged.group_by("absorbed_id").agg(now_id=_.kept_id.min())
    joined = events.left_join(merged, events.person_id == merged.absorbed_id)
    events = joined.select(*[events[name] for name in events.columns], now_id=merged.now_id)
    return events.mutate(person_id=ibis.coalesce(_.now_id, _.person_id)).drop("now_id")


def actors(events: Table) -> Table:
    """Events with `actor`: the person where known, else the impression, tied together by the click."""
    events = people_now(events)
    sessions = events.filter(
        (_.name == "people.session.started") & (_.click_id != "") & _.person_id.notnull()
    )
    clicker = sessions.group_by("click_id").agg(clicker_id=_.person_id.min())
    clicks = events.filter(_.name == "ad.click.made").select("click_id", "impression_id").distinct()
    viewer = clicks.join(clicker, "click_id").filter(_.impression_id != "")
    viewer = viewer.group_by("impression_id").agg(viewer_id=_.clicker_id.min())
    joined = events.left_join(clicker, events.click_id == clicker.click_id)
    events = joined.select(*[events[name] for name in events.columns], clicker_id=clicker.clicker_id)
    joined = events.left_join(viewer, events.impression_id == viewer.impression_id)
    events = joined.select(*[events[name] for name in events.columns], viewer_id=viewer.viewer_id)
    events = events.mutate(known_id=ibis.coalesce(events.person_id, events.clicker_id, events.viewer_id))
    as_person = ibis.literal("p").concat(events.known_id.cast("string"))
    as_viewer = ibis.literal("i").concat(events.impression_id)
    return events.mutate(actor=ibis.ifelse(events.known_id.notnull(), as_person, as_viewer))


def funnel(events: Table) -> Table:
    """How many actors took each step after the step before it; `people` falls from step to step."""
    known = actors(events).filter(_.actor.notnull())
    reached = None
    rows = None
    for number, step in enumerate(FUNNEL):
        times = known.filter(_.name.isin(step.facts)).select("actor", "occurred_at")
        if reached is not None:
            before = reached.rename(before_actor="actor", before_at="reached_at")
            times = times.join(
                before, (times.actor == before.before_actor) & (times.occurred_at >= before.before_at)
            )
        reached = times.group_by("actor").agg(reached_at=_.occurred_at.min())
        row = reached.agg(people=_.count()).mutate(
            step=ibis.literal(step.code), position=ibis.literal(number, type="int64")
        )
        row = row.select("position", "step", "people")
        rows = row if rows is None else rows.union(row)
    assert rows is not None
    return rows.order_by("position")


def attribution(events: Table) -> Table:
    """Paid orders by the campaign that touched the buyer last within the window before the order was placed.

    An order that names its own campaign keeps it; amounts are minor units, refunds taken off.
    """
    known = actors(events)
    paid = _net_orders(known)
    touches = known.filter(_.name.isin(TOUCHES) & (_.campaign != "") & _.known_id.notnull())
    touches = touches.select(touch_person=_.known_id, touch_campaign=_.campaign, touch_at=_.occurred_at)
    joined = paid.join(
        touches,
        (paid.known_id == touches.touch_person)
        & (touches.touch_at <= paid.occurred_at)
        & (touches.touch_at >= paid.occurred_at - ibis.interval(days=ATTRIBUTION_WINDOW.days)),
    )
    latest = joined.group_by("order_id").agg(last_campaign=_.touch_campaign.argmax(_.touch_at))
    ordered = paid.left_join(latest, paid.order_id == latest.order_id).select(
        *[paid[name] for name in paid.columns], last_campaign=latest.last_campaign
    )
    own = ordered.campaign.nullif("")
    credited = ordered.mutate(credited_to=ibis.coalesce(own, ordered.last_campaign, ibis.literal("")))
    return _money(credited.group_by(campaign=credited.credited_to, currency=credited.currency)).order_by(
        "campaign"
    )


def associates(events: Table) -> Table:
    """Sales credited to each associate, refunds taken off."""
    known = people_now(events)
    paid = _net_orders(known).drop("associate_id")
    credits = known.filter((_.name == "clienteling.sale.credited") & _.associate_id.notnull())
    credits = credits.group_by("order_id").agg(associate_id=_.associate_id.min())
    joined = paid.join(credits, "order_id")
    return _money(joined.group_by("associate_id", "currency")).order_by("associate_id")


def spend(events: Table) -> Table:
    """What clients spent by district of the shop, refunds taken off; online orders have no district."""
    paid = _net_orders(people_now(events))
    return _money(paid.group_by("district", "currency")).order_by("district")


def districts(events: Table) -> Table:
    """How many different people were seen in each district, by visit or purchase."""
    seen = people_now(events).filter((_.district != "") & _.person_id.notnull())
    return seen.group_by("district").agg(people=_.person_id.nunique(), facts=_.count()).order_by("district")


def _net_orders(events: Table) -> Table:
    """Paid orders once each, with what was refunded since taken off."""
    paid = events.filter(_.name == "boutique.order.paid").distinct(on="order_id", keep="first")
    back = events.filter(_.name == "boutique.order.refunded").group_by("order_id")
    refunds = back.agg(back_amount=_.amount.sum(), back_settle=_.settle_amount.sum()).rename(
        back_order="order_id"
    )
    joined = paid.left_join(refunds, paid.order_id == refunds.back_order)
    return joined.mutate(
        amount=_.amount - ibis.coalesce(_.back_amount, ibis.literal(0)),
        settle_amount=_.settle_amount - ibis.coalesce(_.back_settle, ibis.literal(0)),
    ).drop("back_order", "back_amount", "back_settle")


def _money(grouped: "ibis.expr.types.GroupedTable") -> Table:
    return grouped.agg(
        orders=_.order_id.nunique(), amount=_.amount.sum(), settle_amount=_.settle_amount.sum()
    )


MEASURES = {
    "funnel": funnel,
    "attribution": attribution,
    "associates": associates,
    "spend": spend,
    "districts": districts,
}
"""Measures by the name that `seta insights run` takes."""
