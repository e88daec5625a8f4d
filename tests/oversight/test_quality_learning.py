"""Learning is repeatable, keeps a wording in one fold, and the shipped weights are of the examples that lie here."""

from collections import Counter

import numpy as np

from quality.examples import CATEGORIES, Example, digest, examples
from quality.learn import FAMILIES_MIN, fit, known_runs, learn, sparse, targets
from seta.oversight.rules.fold import fold
from seta.oversight.rules.learned import read, runs_of, score, weights


def some() -> list[Example]:
    told = []
    for number, (place, thing) in enumerate((a, b) for a in "甲乙丙丁戊" for b in "天地人"):
        breach = f"{place}把钱转给我{thing}"
        harmless = f"{place}请在柜台付款{thing}"
        told.append(Example(breach, ("payment",), f"b{number}", "breach", "plain", "zh"))
        told.append(Example(harmless, (), f"h{number}", "ordinary", "plain", "zh"))
    return told


def test_the_same_examples_give_the_same_file_byte_for_byte() -> None:
    assert learn(some()) == learn(some())


def test_what_was_learnt_tells_new_words_around_the_same_matter() -> None:
    known = read(learn(some()))
    column = known.categories.index("payment")
    breach, harmless = (score(fold(text), -10_000, known) for text in ("己把钱转给我了", "己请在柜台付款了"))
    assert breach is not None and harmless is not None
    assert breach[column] > 0 > harmless[column]


def test_a_run_of_few_wordings_teaches_nothing() -> None:
    few = [
        Example("独一无二", ("payment",), f"f{at}", "breach", "plain", "zh") for at in range(FAMILIES_MIN - 1)
    ]
    assert not known_runs(few, [runs_of(fold(each.text)) for each in few])


def test_the_fit_is_at_the_bottom() -> None:
    told = some()
    runs = [runs_of(fold(each.text)) for each in told]
    known = known_runs(told, runs)
    data, goal, even = sparse(runs, known), targets(told), np.ones(len(told))
    point = fit(data, goal, even)
    scores = data.times(point[:-1]) + point[-1]
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert np.abs((shares - goal).sum(axis=0)).max() < 0.1


def test_the_shipped_weights_were_learnt_from_the_examples_that_lie_here() -> None:
    found = examples()
    assert weights().learnt_from == digest(found), "the examples changed: run `python -m quality.learn`"
    assert weights().categories == CATEGORIES
    kinds = Counter(each.kind for each in found)
    assert kinds["breach"] > 8_000 and sum(kinds.values()) - kinds["breach"] > 8_000


def test_every_disguise_of_a_wording_has_its_family() -> None:
    found = examples()
    families = {each.family for each in found if each.variant in ("fresh", "plain")}
    assert {each.family for each in found if each.variant.startswith("fresh_")} <= families
