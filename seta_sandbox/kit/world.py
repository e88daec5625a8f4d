"""The world: everything the sandbox remembers, replaced as a whole by a reset."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from seta_sandbox.kit.apps import App, Callback, make_apps
from seta_sandbox.kit.clock import Clock
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.faults import FaultPlan
from seta_sandbox.kit.inbox import Inbox
from seta_sandbox.kit.journal import Journal
from seta_sandbox.kit.keys import Keyring
from seta_sandbox.kit.media import MediaStore
from seta_sandbox.kit.people import Consumer, make_crowd, make_people
from seta_sandbox.kit.push import Pusher
from seta_sandbox.kit.tokens import TokenBook

S = TypeVar("S")


@dataclass(frozen=True)
class Setup:
    """What outlives a reset: where the sandbox is reached, the mini program's build and the callback URLs."""

    base_url: str = "http://127.0.0.1:8801"
    miniprogram_dir: Path | None = None
    push_transport: httpx.AsyncBaseTransport | None = None
    callbacks: dict[str, Callback] = field(default_factory=dict)


class World:
    """Shared kit, and what each family remembers. All handlers run on one event loop, so no locks."""

    def __init__(self, seed: int, keys: Keyring, setup: Setup | None = None) -> None:
        self.seed, self.keys = seed, keys
        self.setup = setup or Setup()
        self.rng = random.Random(seed)
        self.clock = Clock()
        self.journal = Journal(self.clock.now)
        self.faults = FaultPlan()
        self.pusher = Pusher(self.clock, self.journal, self.faults, self.setup.push_transport)
        self.inbox = Inbox(self.clock.now)
        self.tokens = TokenBook(self.rng, self.clock.now)
        self.media = MediaStore(self.rng, self.clock.now)
        self.apps = make_apps(keys)
        self.people = make_people(keys, [app.appid for app in self.apps if app.kind != "wecom"])
        self._by_identifier = {name: person for person in self.people for name in person.identifiers}
        self._states: dict[type[Any], Any] = {}

    def state(self, kind: type[S]) -> S:
        """What a family remembers in this world, begun when it is first asked for."""
        if kind not in self._states:
            self._states[kind] = kind()
        found: S = self._states[kind]
        return found

    @property
    def base_url(self) -> str:
        """Where this sandbox is reached, without a trailing slash."""
        return self.setup.base_url

    def app(self, kind: str, appid: str = "") -> App:
        """The app of that kind and appid, or the primary one; raises ControlError when there is none."""
        for app in self.apps:
            if app.kind == kind and appid in ("", app.appid, app.owner):
                return app
        raise ControlError(f"no {kind} with appid {appid}; take one from the exported config.json")

    def find_app(self, appid: str) -> App | None:
        """The app with that appid or corpid, whatever its kind."""
        return next((app for app in self.apps if app.appid == appid), None)

    def app_of_openid(self, kind: str, openid: str) -> App | None:
        """The app of that kind in which `openid` names somebody."""
        person = self._by_identifier.get(openid)
        if person is None:
            return None
        return next(
            (app for app in self.apps if app.kind == kind and person.openids.get(app.appid) == openid), None
        )

    def find_person(self, identifier: str) -> Consumer | None:
        """The consumer whom any openid, unionid, external_userid, Alipay id or key names."""
        return self._by_identifier.get(identifier)

    def person(self, identifier: str = "") -> Consumer:
        """As `find_person`, the first consumer by default; raises ControlError for a stranger."""
        if not identifier:
            return self.people[0]
        person = self.find_person(identifier)
        if person is None:
            raise ControlError(
                f"nobody here is called {identifier!r}; use an openid of config.json or one of _control/people"
            )
        return person

    def gather(self, count: int) -> list[Consumer]:
        """Let a crowd of `count` consumers into the world; those who came before stay the same people."""
        appids = [app.appid for app in self.apps if app.kind != "wecom"]
        crowd = make_crowd(self.keys, appids, count)
        for person in crowd:
            if person.key not in self._by_identifier:
                self.people.append(person)
                self._by_identifier |= dict.fromkeys(person.identifiers, person)
        return crowd

    def callback(self, app: App) -> Callback:
        """The callback setting of an app."""
        return self.setup.callbacks.setdefault(app.appid, Callback())


Action = Callable[[World, dict[str, Any]], Awaitable[dict[str, Any]]]
