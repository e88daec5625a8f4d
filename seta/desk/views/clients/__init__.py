"""The client book's pages: the book, a client, tasks and plays, commission, hand-overs, contact codes."""

from seta.desk.views.clients.book import book, client, codes, finish, make_code, share
from seta.desk.views.clients.commission import commission, decide, dispute, set_terms, statement_csv, withdraw
from seta.desk.views.clients.files import export, import_book, template
from seta.desk.views.clients.handing import handover, handovers, start_handover
from seta.desk.views.clients.heard import hear
from seta.desk.views.clients.known import keep
from seta.desk.views.clients.tasks import add_task, plays, set_blackout, set_play, tasks

__all__ = [
    "add_task",
    "book",
    "client",
    "codes",
    "commission",
    "decide",
    "dispute",
    "export",
    "finish",
    "handover",
    "handovers",
    "hear",
    "import_book",
    "keep",
    "make_code",
    "plays",
    "set_blackout",
    "set_play",
    "set_terms",
    "share",
    "start_handover",
    "statement_csv",
    "tasks",
    "template",
    "withdraw",
]
