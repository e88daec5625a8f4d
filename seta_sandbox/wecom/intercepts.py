"""Intercept rules: words and kinds of data that members may not send, or are warned about before they do."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import (
    ROOT_DEPARTMENT,
    customer_contact,
    invalid,
    mapping,
    numbers,
    ok,
    phrase,
    staff_member,
    words,
)
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.state import wecom_of

RULES_MAX = 100
NAME_CHARACTERS_MAX = 20
WORDS_MAX = 300
WORD_CHARACTERS_MAX = 32
RANGE_MAX = 1000
BLOCK, WARN = 1, 2
PHONE, EMAIL, RED_PACKET = 1, 2, 3
# (K) what WeCom itself takes for a phone number or an address is not documented.
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")


def _semantics(body: dict[str, Any]) -> list[int]:
    found = numbers(body, "semantics_list", 3)
    if not set(found) <= {PHONE, EMAIL, RED_PACKET}:
        raise invalid("semantics_list")
    return sorted(set(found))


def _kind(body: dict[str, Any]) -> int:
    kind = body.get("intercept_type")
    if type(kind) is not int or kind not in (BLOCK, WARN):
        raise invalid("intercept_type")
    return kind


def _range(world: World, given: dict[str, Any]) -> dict[str, list[Any]]:
    users = words(given, "user_list", RANGE_MAX)
    for userid in users:
        staff_member(world, userid, "user_list")
    departments = numbers(given, "department_list", RANGE_MAX)
    if any(department != ROOT_DEPARTMENT for department in departments):
        raise ApiError(40066, "invalid party list")
    return {"user_list": users, "department_list": departments}


def _rule(world: World, body: dict[str, Any]) -> dict[str, Any]:
    rule = wecom_of(world).intercept_rules.get(str(body.get("rule_id") or ""))
    if rule is None:
        raise invalid("rule_id")
    return rule


async def add(request: Request) -> Response:
    """`POST externalcontact/add_intercept_rule`: 100 rules of 300 words; `semantics_list` stands at the top here."""
    world = customer_contact(request)
    body = await json_body(request)
    name = phrase(body, "rule_name", NAME_CHARACTERS_MAX)
    listed = words(body, "word_list", WORDS_MAX, characters=WORD_CHARACTERS_MAX)
    if not listed:
        raise ApiError(40063, "some parameters are empty: word_list")
    semantics, kind = _semantics(body), _kind(body)
    applicable = _range(world, mapping(body, "applicable_range"))
    if not any(applicable.values()):
        raise ApiError(40063, "some parameters are empty: applicable_range")
    if len(wecom_of(world).intercept_rules) >= RULES_MAX:
        # (K) the code of the 101st rule.
        raise ApiError(40058, "invalid Request Parameter: the company has 100 rules already")
    rule_id = f"{world.rng.getrandbits(64):016x}"
    wecom_of(world).intercept_rules[rule_id] = {
        "rule_id": rule_id,
        "rule_name": name,
        "create_time": world.clock.unix(),
        "word_list": listed,
        "extra_rule": {"semantics_list": semantics},
        "intercept_type": kind,
        "applicable_range": applicable,
    }
    return ok(rule_id=rule_id)


async def list_rules(request: Request) -> Response:
    """`GET externalcontact/get_intercept_rule_list`."""
    world = customer_contact(request)
    names = ("rule_id", "rule_name", "create_time")
    rules = wecom_of(world).intercept_rules.values()
    return ok(rule_list=[{name: rule[name] for name in names} for rule in rules])


async def get(request: Request) -> Response:
    """`POST externalcontact/get_intercept_rule`: `semantics_list` stands inside `extra_rule` here."""
    world = customer_contact(request)
    rule = _rule(world, await json_body(request))
    return ok(rule={name: value for name, value in rule.items() if name != "create_time"})


async def update(request: Request) -> Response:
    """`POST externalcontact/update_intercept_rule`: given fields replace; ranges are added and removed."""
    world = customer_contact(request)
    body = await json_body(request)
    rule = _rule(world, body)
    changed: dict[str, Any] = {}
    if "rule_name" in body:
        changed["rule_name"] = phrase(body, "rule_name", NAME_CHARACTERS_MAX)
    if "word_list" in body:
        changed["word_list"] = words(body, "word_list", WORDS_MAX, characters=WORD_CHARACTERS_MAX)
    if "extra_rule" in body:
        changed["extra_rule"] = {"semantics_list": _semantics(mapping(body, "extra_rule"))}
    if "intercept_type" in body:
        changed["intercept_type"] = _kind(body)
    adding = _range(world, mapping(body, "add_applicable_range"))
    removing = _range(world, mapping(body, "remove_applicable_range"))
    changed["applicable_range"] = {
        name: [one for one in dict.fromkeys([*kept, *adding[name]]) if one not in removing[name]]
        for name, kept in rule["applicable_range"].items()
    }
    rule |= changed
    return ok()


async def delete(request: Request) -> Response:
    """`POST externalcontact/del_intercept_rule`."""
    world = customer_contact(request)
    del wecom_of(world).intercept_rules[_rule(world, await json_body(request))["rule_id"]]
    return ok()


def hit(world: World, userid: str, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
    """The rule that a member's message to a customer meets, a blocking one first; None when it may go."""
    text = str(content.get("content", "")) if kind == "text" else ""
    met = [
        rule
        for rule in wecom_of(world).intercept_rules.values()
        if _applies(rule, userid) and _meets(rule, kind, text)
    ]
    return min(met, key=lambda rule: int(rule["intercept_type"]), default=None)


def _applies(rule: dict[str, Any], userid: str) -> bool:
    applicable = rule["applicable_range"]
    return userid in applicable["user_list"] or ROOT_DEPARTMENT in applicable["department_list"]


def _meets(rule: dict[str, Any], kind: str, text: str) -> bool:
    semantics = rule["extra_rule"]["semantics_list"]
    return (
        any(word in text for word in rule["word_list"])
        or (PHONE in semantics and _PHONE.search(text) is not None)
        or (EMAIL in semantics and _EMAIL.search(text) is not None)
        or (RED_PACKET in semantics and kind in ("redpacket", "external_redpacket"))
    )


ROUTES: list[Route] = [
    Route(f"{PREFIX}/add_intercept_rule", add, methods=["POST"]),
    Route(f"{PREFIX}/get_intercept_rule_list", list_rules, methods=["GET"]),
    Route(f"{PREFIX}/get_intercept_rule", get, methods=["POST"]),
    Route(f"{PREFIX}/update_intercept_rule", update, methods=["POST"]),
    Route(f"{PREFIX}/del_intercept_rule", delete, methods=["POST"]),
]
