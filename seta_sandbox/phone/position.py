"""Where each phone is and which mini program may know: spots in Italy, where GCJ-02 and WGS-84 are the same."""

from dataclasses import dataclass
from typing import Any

from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.world import World
from seta_sandbox.phone.memory import phones_of

LOCATION = "scope.userLocation"
ACCURACY_METRES = 15


@dataclass(frozen=True)
class Spot:
    """A place to stand with the phone, in WGS-84 degrees."""

    code: str
    name_zh: str
    name_en: str
    name_it: str
    latitude: float
    longitude: float


SPOTS = (
    Spot("duomo", "大教堂广场", "Piazza del Duomo", "Piazza del Duomo", 45.4642, 9.1896),
    Spot("brera", "布雷拉街", "Via Brera", "Via Brera", 45.4717, 9.1879),
    Spot("navigli", "纳维利河畔", "On the Navigli", "Sui Navigli", 45.4508, 9.1733),
    Spot("centrale", "中央火车站", "Milano Centrale", "Milano Centrale", 45.4862, 9.2045),
    Spot("malpensa", "马尔彭萨机场", "Malpensa Airport", "Aeroporto di Malpensa", 45.6301, 8.7255),
)


def spot_of(world: World, person: Consumer) -> Spot:
    """Where the person's phone is; everybody begins on Piazza del Duomo."""
    code = phones_of(world).spots.get(person.key, SPOTS[0].code)
    return next(one for one in SPOTS if one.code == code)


async def stand(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Take the phone of `consumer` to the spot `code`."""
    person, code = world.person(str(body.get("consumer", ""))), str(body.get("code", ""))
    if code not in {one.code for one in SPOTS}:
        raise ControlError(f"code must be one of {', '.join(one.code for one in SPOTS)}")
    phones_of(world).spots[person.key] = code
    world.inbox.touch()
    return {"code": code}


def _scopes(world: World, body: dict[str, Any]) -> dict[str, bool]:
    person = world.person(str(body.get("consumer", "")))
    return phones_of(world).scopes.setdefault((person.key, str(body.get("appid", ""))), {})


async def scopes(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """What `consumer` decided in the mini program `appid`: a scope nobody asked for yet is not among them."""
    return {"authSetting": dict(_scopes(world, body))}


async def decide(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Allow or refuse (`allow`) the mini program to know where the phone is."""
    allow = body.get("allow")
    if not isinstance(allow, bool):
        raise ControlError("allow must be true or false")
    said = _scopes(world, body)
    said[LOCATION] = allow
    return {"authSetting": dict(said)}


async def where(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The phone's place in degrees once the person allowed it; refused as WeChat refuses otherwise."""
    if not _scopes(world, body).get(LOCATION):
        raise ControlError("auth deny")
    spot = spot_of(world, world.person(str(body.get("consumer", ""))))
    return {
        "latitude": spot.latitude,
        "longitude": spot.longitude,
        "speed": -1,
        "accuracy": ACCURACY_METRES,
        "altitude": 0,
        "verticalAccuracy": 0,
        "horizontalAccuracy": ACCURACY_METRES,
    }
