"""Tell associates in WeCom, once a task, what is due: one message an associate, by day on the house's clock."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from seta.clienteling.models import Associate, FollowUp
from seta.houses import queries as houses
from seta.platforms.core.errors import PlatformError

log = logging.getLogger(__name__)

DAY_FROM, DAY_UNTIL = 8, 21
TITLES_MAX = 5


def remind_tasks(now: datetime) -> int:
    """Remind of open tasks that are due; returns how many associates were told. For the worker's schedule."""
    due = FollowUp.objects.filter(done_at__isnull=True, reminded_at__isnull=True, due_at__lte=now)
    told = 0
    for associate in Associate.objects.filter(pk__in=due.values("associate_id").distinct(), is_active=True):
        hour = now.astimezone(ZoneInfo(houses.house(associate.house_id).timezone)).hour
        if DAY_FROM <= hour < DAY_UNTIL:
            told += _remind(associate, list(due.filter(associate=associate).order_by("due_at", "id")), now)
    return told


def _remind(associate: Associate, tasks: list[FollowUp], now: datetime) -> int:
    lines = [f"{len(tasks)} · 待办 / to do", *(f"• {task.title}" for task in tasks[:TITLES_MAX])]
    try:
        agent = int(houses.account(associate.house_id, "wecom").secrets["agentid"])
        wecom = houses.wecom(associate.house_id)
        wecom.message_send(users=[associate.userid], agentid=agent, text="\n".join(lines))
    except (PlatformError, houses.AccountMissing) as problem:
        log.warning("house %s: %s was not reminded: %s", associate.house_id, associate.code, problem)
        if isinstance(problem, PlatformError) and problem.retryable:
            return 0
    FollowUp.objects.filter(pk__in=[task.pk for task in tasks]).update(reminded_at=now)
    return 1
