"""The policies of this process: the one that ships with Seta, and each house's own, compiled once a revision."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from seta.oversight.models import HouseList, HousePolicy, PolicyRelease, RuleSetting
from seta.oversight.rules import Policy, Rule, compile_documents, compile_rules, digest, parse

FOLDER = Path(__file__).parent / "policies"
HOUSES_KEPT_MAX = 16
_compiled: dict[int, tuple[tuple[int, datetime], Policy]] = {}


@cache
def shipped() -> Policy:
    """The compiled policy of this process; raises PolicyError when a file of the folder may not be used."""
    return compile_documents(documents(FOLDER))


def load(folder: Path) -> Policy:
    """The compiled policy of a folder of YAML files; raises PolicyError."""
    return compile_documents(documents(folder))


@cache
def documents(folder: Path) -> Mapping[str, str]:
    """File name to text of a folder's policy files."""
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml"))}


def live(house_id: int) -> Policy:
    """The policy that judges for a house: shipped rules, its own releases and lists, each rule in its mode.

    One query when nothing changed since this process compiled it.
    """
    stamp = HousePolicy.objects.filter(house_id=house_id).values_list("revision", "changed_at").first()
    if stamp is None:
        return shipped()
    kept = _compiled.get(house_id)
    if kept is None or kept[0] != stamp:
        while len(_compiled) >= HOUSES_KEPT_MAX:
            _compiled.pop(next(iter(_compiled)), None)
        kept = _compiled[house_id] = (stamp, build(house_id))
    return kept[1]


def forget() -> None:
    """Drop what was compiled, for when the database under this process is another one."""
    _compiled.clear()


def build(house_id: int) -> Policy:
    """Compile a house's policy from what its tables say now; raises PolicyError when they cannot be used."""
    modes = dict(RuleSetting.objects.filter(house_id=house_id).values_list("rule", "mode"))
    rules = [
        replace(
            rule,
            shadow=modes.get(rule.id, "") == RuleSetting.Mode.SHADOW if rule.id in modes else rule.shadow,
        )
        for rule in written_rules(house_id)
        if modes.get(rule.id) != RuleSetting.Mode.OFF
    ]
    return compile_rules(tuple(rules), version=_version(house_id, modes))


def written_rules(house_id: int) -> tuple[Rule, ...]:
    """Every rule that a house has, in whatever mode: shipped ones, its live release over them, its shadow release.

    A rule of the shadow release stands beside the live rule of the same id until the release is published.
    """
    lists = dict(HouseList.objects.filter(house_id=house_id).values_list("name", "words"))
    texts = _releases(house_id)
    rules = {rule.id: rule for rule in parse(documents(FOLDER), lists)}
    shared = _list_documents()
    for rule in parse({**shared, **texts.get("live", {})}, lists) if "live" in texts else ():
        rules[rule.id] = rule
    trial = parse({**shared, **texts["shadow"]}, lists) if "shadow" in texts else ()
    return (*rules.values(), *(replace(rule, shadow=True) for rule in trial))


def check(yaml: str, house_id: int) -> tuple[Rule, ...]:
    """The rules of a document as this house would read it; raises PolicyError."""
    lists = dict(HouseList.objects.filter(house_id=house_id).values_list("name", "words"))
    rules = parse({**_list_documents(), "release.yaml": yaml}, lists)
    compile_rules(rules)
    return rules


@cache
def _list_documents() -> Mapping[str, str]:
    """The shipped file that holds only lists, which a house's rules may use."""
    return {"lists.yaml": documents(FOLDER)["lists.yaml"]}


def _releases(house_id: int) -> dict[str, dict[str, str]]:
    rows = PolicyRelease.objects.filter(
        house_id=house_id, state__in=(PolicyRelease.State.LIVE, PolicyRelease.State.SHADOW)
    ).values_list("state", "number", "yaml")
    return {state: {f"release {number}": yaml} for state, number, yaml in rows}


def _version(house_id: int, modes: Mapping[str, str]) -> str:
    lists = dict(HouseList.objects.filter(house_id=house_id).values_list("name", "words"))
    releases = {
        f"{state} {name}": text for state, each in _releases(house_id).items() for name, text in each.items()
    }
    return digest(
        {**documents(FOLDER), **releases}, {**lists, "modes": [f"{k}={v}" for k, v in sorted(modes.items())]}
    )
