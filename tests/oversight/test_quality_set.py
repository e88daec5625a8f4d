"""The labelled set itself: whole, split cleanly, sealed, and told without texts.

Whatever fails here on the sealed side says counts, never words.
"""

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from quality.build import ORDINARY, packed
from quality.fragments import BREACHES, CATEGORIES, LANGUAGES, SEALED, SEVERITIES, TUNING, load
from seta.oversight.operations.scoring import SetMissing, missed, quality_lines, score_policy
from seta.oversight.policy import shipped
from seta.oversight.rules.policy import CHANNELS, SENDERS
from seta.oversight.rules.scoring import CATEGORY_NAMES

SIDES = ("tuning", "sealed")
SERIOUS = tuple(each for each in CATEGORIES if each not in ("ad_law", "rude", "complaint"))


@cache
def lines(side: str) -> tuple[dict[str, Any], ...]:
    raw = (
        gzip.decompress((SEALED / "conversations.jsonl.gz").read_bytes())
        if side == "sealed"
        else (TUNING / "conversations.jsonl").read_bytes()
    )
    return tuple(json.loads(line) for line in raw.splitlines())


def test_the_sealed_side_is_unchanged() -> None:
    recorded = (SEALED / "sha256").read_text("ascii").strip()
    assert hashlib.sha256((SEALED / "conversations.jsonl.gz").read_bytes()).hexdigest() == recorded


def test_the_published_page_tells_the_sealed_sides_sum() -> None:
    page = Path(__file__).parents[2] / "docs" / "policy-quality.md"
    assert (SEALED / "sha256").read_text("ascii").strip() in page.read_text("utf-8")


def test_there_are_enough_conversations_and_enough_ordinary_ones() -> None:
    every = {line["conversation"]: line["about"] for side in SIDES for line in lines(side)}
    assert len(every) >= 2400
    assert sum(about == "ordinary" for about in every.values()) >= 800


@pytest.mark.parametrize("side", SIDES)
def test_every_conversation_has_two_to_eight_turns_in_order(side: str) -> None:
    turns = defaultdict(list)
    for line in lines(side):
        turns[line["conversation"]].append(line["turn"])
    wrong = [name for name, of in turns.items() if of != list(range(len(of))) or not 2 <= len(of) <= 8]
    assert not wrong


@pytest.mark.parametrize("side", SIDES)
def test_every_message_is_labelled_completely(side: str) -> None:
    wrong = 0
    for line in lines(side):
        known = (
            line["sender"] in SENDERS
            and line["channel"] in CHANNELS
            and line["language"] in LANGUAGES
            and set(line["labels"]) <= set(CATEGORIES)
        )
        if line["labels"]:
            start, end = line["span"]
            known &= line["severity"] in SEVERITIES and 0 <= start < end <= len(line["text"])
        else:
            known &= line["span"] is None and line["severity"] is None
        wrong += not known
    assert wrong == 0


@pytest.mark.parametrize("side", SIDES)
def test_every_category_has_breaches_disguises_and_look_alikes_in_every_language(side: str) -> None:
    seen = {(line["about"], line["language"], _kind(line)) for line in lines(side)}
    wanted = {
        (category, language, kind)
        for category in CATEGORIES
        for language in LANGUAGES
        for kind in ("plain", "disguised", "look-alike")
    }
    assert wanted <= seen


def _kind(line: dict[str, Any]) -> str:
    if line["variant"].startswith("look_alike"):
        return "look-alike"
    return line["variant"] if line["variant"] in ("plain", "ordinary") else "disguised"


def test_serious_categories_have_many_wordings_of_their_own() -> None:
    cores = Counter(
        (each.category, each.language)
        for sealed in (False, True)
        for each in load(sealed=sealed)
        if each.kind in BREACHES
    )
    assert {category: n for category in SERIOUS if (n := cores[category, "zh"]) < 60} == {}
    assert {key: n for key, n in cores.items() if n < 15} == {}


def test_no_wording_and_no_sentence_stands_on_both_sides() -> None:
    open_side, sealed = load(sealed=False), load(sealed=True)
    assert not any(each.sealed for each in open_side)
    assert all(each.sealed for each in sealed)
    texts = {text for each in open_side for _, text in each.turns if each.kind != "ordinary"}
    assert sum(text in texts for each in sealed for _, text in each.turns if each.kind != "ordinary") == 0


def test_no_sealed_breach_is_among_the_rules_own_examples() -> None:
    sealed = {line["text"] for line in lines("sealed") if line["labels"]}
    assert sum(text in sealed for rule in shipped().rules for talk in rule.hits for text in talk) == 0


@pytest.mark.slow
def test_the_fragments_give_the_set_again() -> None:
    assert packed(load(sealed=False)) == (TUNING / "conversations.jsonl").read_text("utf-8")
    again = hashlib.sha256(packed(load(sealed=True)).encode()).hexdigest()
    kept = hashlib.sha256(gzip.decompress((SEALED / "conversations.jsonl.gz").read_bytes())).hexdigest()
    assert again == kept


def test_ordinary_talk_is_asked_for_in_every_language() -> None:
    assert set(ORDINARY) == set(LANGUAGES)


def test_rules_and_labels_name_the_same_categories() -> None:
    used = {rule.category for rule in shipped().rules}
    assert set(CATEGORIES) == set(CATEGORY_NAMES)
    assert used <= set(CATEGORIES)


def write_side(folder: Path, side: str, messages: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in messages)
    (folder / side).mkdir()
    if side == "sealed":
        (folder / side / "conversations.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    else:
        (folder / side / "conversations.jsonl").write_text(text, "utf-8")


def message(text: str, conversation: str, *labels: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "conversation": conversation,
        "turn": 0,
        "sender": "sa",
        "channel": "wecom_1to1",
        "text": text,
        "labels": labels,
        "span": [0, len(text)] if labels else None,
        "severity": "high" if labels else None,
        "variant": "plain" if labels else "ordinary",
        "language": "zh",
        "about": labels[0] if labels else "ordinary",
    }
    return {**told, "core": text, "wording": "free"} if labels else told


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    found = shipped().rules
    hit = next(rule for rule in found if rule.category == "payment").hits[0][-1]
    write_side(tmp_path, "tuning", [message(hit, "a", "payment"), message("今天天气真好", "b", "payment")])
    write_side(tmp_path, "sealed", [message("窗外的树很绿", "c", "payment"), message("在的，您请说", "d")])
    return tmp_path


def test_both_sides_are_scored(small_set: Path) -> None:
    told = score_policy(folder=small_set)
    sides = told["sides"]
    assert sides["tuning"]["score"]["serious"][0]["share"]["found"] == 1
    assert sides["sealed"]["score"]["serious"][0]["share"]["found"] == 0
    assert sides["sealed"]["ordinary"] == 1


def test_sealed_texts_are_told_nowhere(small_set: Path) -> None:
    told = json.dumps([score_policy(folder=small_set), missed(folder=small_set)], ensure_ascii=False)
    page = "\n".join(quality_lines(folder=small_set))
    assert "今天天气真好" in told
    assert "窗外的树很绿" not in told + page


def test_what_is_judged_wrongly_on_the_tuning_side_can_be_read(small_set: Path) -> None:
    assert [(each["wrong"], each["text"]) for each in missed(folder=small_set)] == [
        ("missed", "今天天气真好")
    ]


def test_a_folder_without_a_set_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SetMissing, match="no labelled set"):
        score_policy(folder=tmp_path)
