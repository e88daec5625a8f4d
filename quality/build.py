"""Writes the set from its fragments with a fixed seed: `python -m quality.build`; `--add FILE` files new fragments."""

import argparse
import gzip
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quality.disguise import CHINESE, LATIN, is_han, traditional
from quality.filling import fill
from quality.fragments import BREACHES, CATEGORIES, KINDS, SEALED, TUNING, Fragment, load, read, written

SEED = 20270302
CHINESE_EACH = 4
ORDINARY = {"zh": 1800, "en": 140, "it": 140}


@dataclass(frozen=True)
class Message:
    """One message of the set with its label; `span` counts characters of the text, None without a label."""

    sender: str
    text: str
    labels: tuple[str, ...] = ()
    severity: str | None = None
    span: tuple[int, int] | None = None


class Author:
    """Writes one side's conversations; nothing of one side is ever used on the other."""

    def __init__(self, fragments: Sequence[Fragment]) -> None:
        self.of = {
            (kind, category, language): [
                each
                for each in fragments
                if (each.kind, each.category, each.language) == (kind, category, language)
            ]
            for kind in KINDS
            for category in (*CATEGORIES, "talk")
            for language in ("zh", "en", "it")
        }

    def conversations(self) -> Iterator[dict[str, Any]]:
        """Every conversation of the side, breaches first, then look-alikes, then ordinary talk."""
        for (kind, category, _), fragments in self.of.items():
            if kind in (*BREACHES, "near"):
                for number, fragment in enumerate(fragments):
                    yield from self._around(fragment, f"{kind} {category} {number}")
        for language, wanted in ORDINARY.items():
            for number in range(wanted // 2):
                yield from self._ordinary(language, number)

    def _around(self, fragment: Fragment, name: str) -> Iterator[dict[str, Any]]:
        rng = random.Random(f"{SEED} {name} {fragment.language} {fragment.core}")
        for variant in _variants(fragment, rng):
            before, message, after = self._scene(fragment, variant, rng)
            if message is None:
                continue
            yield from _lines(fragment, variant, [*before, message, *after], rng)

    def _scene(
        self, fragment: Fragment, variant: str, rng: random.Random
    ) -> tuple[list[Message], Message | None, list[Message]]:
        message = _disguised(fragment, variant, rng)
        answers = self.of["answer", "talk", fragment.language]
        if fragment.channel in ("moments", "broadcast"):
            return (
                [],
                message,
                [Message("client", each.turns[0][1]) for each in answers and [rng.choice(answers)]],
            )
        before: list[Message] = []
        if rng.random() < 0.35:
            before += self._exchange(fragment.language, rng)[:3]
        leads = self.of["lead", fragment.category, fragment.language]
        if leads and fragment.turns[0][0] == "sa":
            before.append(Message("client", fill(rng.choice(leads).turns[0][1], rng)))
        after = []
        if answers and fragment.turns[0][0] == "sa" and rng.random() < 0.6:
            after.append(Message("client", rng.choice(answers).turns[0][1]))
        if not before and not after:
            before = self._exchange(fragment.language, rng)[:2]
        return before, message, after

    def _exchange(self, language: str, rng: random.Random) -> list[Message]:
        scenes = self.of["ordinary", "talk", language]
        return [Message(who, fill(text, rng)) for who, text in rng.choice(scenes).turns] if scenes else []

    def _ordinary(self, language: str, number: int) -> Iterator[dict[str, Any]]:
        scenes = self.of["ordinary", "talk", language]
        rng = random.Random(f"{SEED} ordinary {language} {number} {scenes[0].core if scenes else ''}")
        if not scenes:
            return
        chosen = [scenes[number % len(scenes)], rng.choice(scenes)]
        turns = [Message(who, fill(text, rng)) for each in chosen for who, text in each.turns][:8]
        if language == "zh" and rng.random() < 0.08:
            turns = [replace(each, text=traditional(each.text)) for each in turns]
        yield from _lines(replace(chosen[0], category="ordinary"), "ordinary", turns, rng)


def _variants(fragment: Fragment, rng: random.Random) -> list[str]:
    if fragment.kind == "near":
        known = fragment.language == "zh" and rng.random() < 0.2
        return ["look_alike", "look_alike_traditional"] if known else ["look_alike"]
    disguises = CHINESE if fragment.language == "zh" else LATIN
    wanted = CHINESE_EACH if fragment.language == "zh" else 1
    return ["plain", *sorted(rng.sample(list(disguises), k=min(wanted, len(disguises))))]


def _disguised(fragment: Fragment, variant: str, rng: random.Random) -> Message | None:
    """The message in its variant; None when the variant changes nothing, as splitting what cannot be split."""
    who, text = fragment.turns[0]
    filled = fill(text, rng)
    if fragment.kind == "near":
        return Message(who, traditional(filled) if variant.endswith("traditional") else filled)
    labels = (fragment.category, *fragment.also)
    pieces = [piece for part in filled.split("〔") for piece in part.split("〕")]
    if variant != "plain":
        change = (CHINESE if fragment.language == "zh" else LATIN)[variant]
        changed = [change(each, rng) if at % 2 else each for at, each in enumerate(pieces)]
        if variant in ("traditional", "combined"):
            changed = [each if at % 2 else traditional(each) for at, each in enumerate(changed)]
        if changed == pieces or (variant == "pinyin_whole" and not any(map(is_han, "".join(pieces[1::2])))):
            return None
        pieces = changed
    start = len(pieces[0])
    return Message(who, "".join(pieces), labels, fragment.severity, (start, start + len(pieces[1])))


def _lines(
    fragment: Fragment, variant: str, turns: Sequence[Message], rng: random.Random
) -> Iterator[dict[str, Any]]:
    told = json.dumps([fragment.category, variant, [each.text for each in turns]], ensure_ascii=False)
    name = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    channel = fragment.channel
    if channel == "wecom_1to1" and rng.random() < 0.1:
        channel = "composer"
    for turn, each in enumerate(turns[-8:]):
        yield {
            "conversation": name,
            "turn": turn,
            "sender": each.sender,
            "channel": channel if each.sender == "sa" else "wecom_1to1",
            "text": each.text,
            "labels": list(each.labels),
            "span": list(each.span) if each.span else None,
            "severity": each.severity,
            "variant": variant,
            "language": fragment.language,
            "about": fragment.category,
            **(_wording(fragment) if each.labels else {}),
        }


def _wording(fragment: Fragment) -> dict[str, str]:
    """What ties the disguises of one wording together without telling it, and how plainly it names the thing."""
    return {
        "core": hashlib.sha256(fragment.core.encode()).hexdigest()[:8],
        "wording": "direct" if fragment.kind == "direct" else "free",
    }


def build() -> None:
    """Write both sides; the sealed side is packed so that no search over the sources shows its words."""
    tuning = packed(load(sealed=False))
    (TUNING / "conversations.jsonl").write_text(tuning, encoding="utf-8")
    sealed = gzip.compress(packed(load(sealed=True)).encode(), compresslevel=9, mtime=0)
    (SEALED / "conversations.jsonl.gz").write_bytes(sealed)
    (SEALED / "sha256").write_text(hashlib.sha256(sealed).hexdigest() + "\n", encoding="ascii")


def packed(fragments: Sequence[Fragment]) -> str:
    """Every message once; two conversations that came out the same in every word are one."""
    lines = {(line["conversation"], line["turn"]): line for line in Author(fragments).conversations()}
    return "".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines.values()
    )


def add(text: str) -> tuple[int, int]:
    """File fragments on the side that their cores' hashes say; answers how many each side has now."""
    kept = [*load(sealed=False), *load(sealed=True), *read(text)]
    by_core = {(each.kind, each.category, each.language, each.core): each for each in kept}
    fragments = sorted(by_core.values(), key=lambda each: (each.language, each.category, each.head))
    open_side = [each for each in fragments if not each.sealed]
    for language in ("zh", "en", "it"):
        for category in (*CATEGORIES, "talk"):
            of = [each for each in open_side if (each.language, each.category) == (language, category)]
            if of:
                path = TUNING / "fragments" / f"{category}.{language}.txt"
                path.write_text(written(of), encoding="utf-8")
    sealed = [each for each in fragments if each.sealed]
    packed = gzip.compress(written(sealed).encode(), compresslevel=9, mtime=0)
    (SEALED / "fragments.txt.gz").write_bytes(packed)
    return len(open_side), len(sealed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Add fragments if a file is named, then write the set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--add", metavar="FILE", type=Path, action="append", default=[])
    for path in parser.parse_args(arguments).add:
        print("fragments, tuning and sealed:", *add(path.read_text("utf-8")))
    build()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
