"""Learns the weights that hear breaches in words nobody listed: `python -m quality.learn`, `--check` to cross-validate.

Multinomial logistic regression over runs of characters and sounds, by L-BFGS (Liu and Nocedal, 1989), in NumPy alone.
The same examples give the same file. Cross-validation keeps every disguise and every phrase of a wording in one fold.
"""

import argparse
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quality.examples import CATEGORIES, Example, digest, examples
from seta.oversight.rules.fold import fold, warm
from seta.oversight.rules.learned import FILE, UNIT, runs_of, written

FOLDS = 5
PENALTY = 0.5
# A run that only one wording has teaches nothing about the next one.
FAMILIES_MIN = 3
ROUNDS_MAX, MEMORY, ENOUGH = 60, 8, 1e-4
# Runs whose largest weight is below this, in hundredths, are left out of the file.
LEAST_WEIGHT = 8
THRESHOLDS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Sparse:
    """Which examples have which runs: by example (`starts`, `runs`) and by run (`run_starts`, `examples`)."""

    starts: NDArray[np.int64]
    runs: NDArray[np.int64]
    run_starts: NDArray[np.int64]
    examples: NDArray[np.int64]

    def times(self, weights: Matrix) -> Matrix:
        """For each example the sum of its runs' rows."""
        return _summed(weights[self.runs], self.starts)

    def back(self, errors: Matrix) -> Matrix:
        """For each run the sum of its examples' rows."""
        return _summed(errors[self.examples], self.run_starts)


def _summed(rows: Matrix, starts: NDArray[np.int64]) -> Matrix:
    summed = np.zeros((len(starts) - 1, rows.shape[1]))
    some = starts[1:] > starts[:-1]
    if some.any():
        summed[some] = np.add.reduceat(rows, starts[:-1][some], axis=0)
    return summed


def known_runs(found: Sequence[Example], runs: Sequence[set[str]]) -> dict[str, int]:
    """Every run that enough families have, with its number."""
    first: dict[str, list[str]] = {}
    for each, mine in zip(found, runs, strict=True):
        for run in mine:
            families = first.setdefault(run, [])
            if len(families) < FAMILIES_MIN and each.family not in families:
                families.append(each.family)
    return {
        run: number
        for number, run in enumerate(sorted(run for run, of in first.items() if len(of) >= FAMILIES_MIN))
    }


def sparse(runs: Sequence[set[str]], known: Mapping[str, int]) -> Sparse:
    """The runs of examples as numbers; unknown runs are left out."""
    rows = [sorted(known[run] for run in mine if run in known) for mine in runs]
    counts = np.array([len(row) for row in rows], dtype=np.int64)
    numbers = np.array([number for row in rows for number in row], dtype=np.int64)
    owners = np.repeat(np.arange(len(rows)), counts)
    order = np.argsort(numbers, kind="stable")
    return Sparse(
        np.concatenate([[0], np.cumsum(counts)]),
        numbers,
        np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=len(known)))]),
        owners[order],
    )


def targets(found: Sequence[Example]) -> Matrix:
    """A row for each example: harmless first, then the categories; two labels share one."""
    told = np.zeros((len(found), 1 + len(CATEGORIES)))
    for row, each in enumerate(found):
        for label in each.labels:
            told[row, 1 + CATEGORIES.index(label)] = 1 / len(each.labels)
        told[row, 0] = not each.labels
    return told


def fit(data: Sparse, told: Matrix, weight: Matrix) -> Matrix:
    """Weights of each run for each class, and in the last row the biases, which are not penalised."""

    def loss(point: Matrix) -> tuple[float, Matrix]:
        scores = data.times(point[:-1]) + point[-1]
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        total = powers.sum(axis=1, keepdims=True)
        missed = -(weight * (told * (scores - np.log(total))).sum(axis=1)).sum()
        errors = (powers / total - told) * weight[:, None]
        slope = np.vstack([data.back(errors) + PENALTY * point[:-1], errors.sum(axis=0, keepdims=True)])
        return float(missed + 0.5 * PENALTY * (point[:-1] ** 2).sum()), slope

    point = np.zeros((len(data.run_starts), told.shape[1]))
    value, slope = loss(point)
    memory: list[tuple[Matrix, Matrix, float]] = []
    for _ in range(ROUNDS_MAX):
        way = _downhill(slope, memory)
        step, fall = 1.0, float((slope * way).sum())
        following, (value_there, slope_there) = point - way, loss(point - way)
        while value_there > value - 1e-4 * step * fall and step > 1e-6:
            step /= 2
            following = point - step * way
            value_there, slope_there = loss(following)
        moved, turned = following - point, slope_there - slope
        curve = float((moved * turned).sum())
        if curve > 1e-10:
            memory = [*memory, (moved, turned, 1 / curve)][-MEMORY:]
        settled = abs(value - value_there) < ENOUGH * abs(value)
        point, value, slope = following, value_there, slope_there
        if settled:
            break
    return point


def _downhill(slope: Matrix, memory: Sequence[tuple[Matrix, Matrix, float]]) -> Matrix:
    """The two-loop recursion of L-BFGS."""
    way, shares = slope.copy(), list[float]()
    for moved, turned, inverse in reversed(memory):
        shares.append(inverse * float((moved * way).sum()))
        way -= shares[-1] * turned
    if memory:
        moved, turned, _ = memory[-1]
        way *= float((moved * turned).sum()) / float((turned * turned).sum())
    else:
        way /= max(1.0, float(np.sqrt((slope * slope).sum())))
    for (moved, turned, inverse), share in zip(memory, reversed(shares), strict=True):
        way += moved * (share - inverse * float((turned * way).sum()))
    return way


def learn(found: Sequence[Example]) -> bytes:
    """The packed weights of examples."""
    runs = [runs_of(fold(each.text)) for each in found]
    known = known_runs(found, runs)
    point = fit(sparse(runs, known), targets(found), _weights(found))
    above = np.rint((point[:, 1:] - point[:, :1]) * UNIT).astype(int)
    learnt = {
        run: above[number].tolist()
        for run, number in known.items()
        if int(np.abs(above[number]).max()) >= LEAST_WEIGHT
    }
    return written(CATEGORIES, above[-1].tolist(), learnt, digest(found))


def _weights(found: Sequence[Example]) -> Matrix:
    return np.array([each.weight for each in found])


def cross_validated(found: Sequence[Example]) -> Matrix:
    """Each example's score for each category above harmless, by weights learnt without its wording."""
    runs = [runs_of(fold(each.text)) for each in found]
    fold_of = np.array([int(hashlib.sha256(_bytes(each.family)).hexdigest(), 16) % FOLDS for each in found])
    told, weight = targets(found), _weights(found)
    scores = np.zeros((len(found), len(CATEGORIES)))
    for number in range(FOLDS):
        rest, mine = np.flatnonzero(fold_of != number), np.flatnonzero(fold_of == number)
        known = known_runs([found[int(at)] for at in rest], [runs[at] for at in rest])
        point = fit(sparse([runs[at] for at in rest], known), told[rest], weight[rest])
        there = sparse([runs[at] for at in mine], known).times(point[:-1]) + point[-1]
        scores[mine] = there[:, 1:] - there[:, :1]
    return scores


def _bytes(family: str) -> bytes:
    return family.encode("utf-8", "surrogatepass")


def report(found: Sequence[Example], scores: Matrix) -> Iterator[str]:
    """Recall of breaches and alerts on harmless talk by threshold, then each category's highest harmless scores."""
    harmless = ("ordinary", "pattern", "client", "look_alike")
    groups: dict[str, list[int]] = {}
    for at, each in enumerate(found):
        name = f"breach {each.variant} {each.language}" if each.labels else each.kind
        if each.labels or each.kind in harmless:
            groups.setdefault(name, []).append(at)
    yield "| heard | n | " + " | ".join(map(str, THRESHOLDS)) + " |"
    yield "|---|---:|" + "---:|" * len(THRESHOLDS)
    for name, members in sorted(groups.items()):
        best = [_best(found[at], scores[at]) for at in members]
        shares = [sum(score >= least for score in best) for least in THRESHOLDS]
        told = (f"{n / len(members):.3f}" if name.startswith("breach") else str(n) for n in shares)
        yield f"| {name} | {len(members)} | " + " | ".join(told) + " |"
    ordinary = [at for at, each in enumerate(found) if each.kind in ("ordinary", "pattern")]
    for column, category in enumerate(CATEGORIES):
        highest = sorted(((float(scores[at, column]), found[at].text) for at in ordinary), reverse=True)[:4]
        yield f"- {category}: " + "; ".join(f"{score:.2f} {text}" for score, text in highest)


def _best(each: Example, scores: Matrix) -> float:
    """The score that decides: of a breach's own categories, or of any where there is none to find."""
    return float(max(scores[CATEGORIES.index(label)] for label in each.labels or CATEGORIES))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the weights, or tell what cross-validation says of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate instead of writing")
    asked = parser.parse_args(arguments)
    warm()
    found = examples()
    if asked.check:
        print("\n".join(report(found, cross_validated(found))))
        return 0
    packed = learn(found)
    FILE.write_bytes(packed)
    print(f"{len(found)} examples; {len(packed):,} bytes, SHA-256 {hashlib.sha256(packed).hexdigest()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
