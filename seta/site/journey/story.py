"""The journey as a story: steps that do things over the wire, and evidence read back from where it landed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from seta.site.journey.traveller import Failed, Traveller

Act = Callable[[Traveller], dict[str, Any]]


@dataclass(frozen=True)
class Chapter:
    """A step to take: its name in two languages, and what it does; it gives its evidence or raises Failed."""

    name: str
    name_zh: str
    act: Act


@dataclass
class Step:
    """A step that was taken."""

    n: int
    name: str
    ok: bool
    seconds: float
    evidence: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    def plain(self) -> dict[str, Any]:
        """The step as the JSON contract has it."""
        told: dict[str, Any] = {"n": self.n, "name": self.name, "ok": self.ok, "evidence": self.evidence}
        if self.error:
            told["error"] = self.error
        return told | {"seconds": round(self.seconds, 2)}


def travel(chapters: Sequence[Chapter], traveller: Traveller, *, console: Console | None) -> dict[str, Any]:
    """Take every step in order; after one fails the rest are reported as not taken."""
    started = time.monotonic()
    steps: list[Step] = []
    for n, chapter in enumerate(chapters, start=1):
        if steps and not steps[-1].ok:
            steps.append(Step(n, chapter.name, False, 0.0, error="not taken: an earlier step failed"))
            continue
        steps.append(_take(n, chapter, traveller))
        if console is not None:
            _print(steps[-1], chapter, console)
    return {
        "ok": all(step.ok for step in steps),
        "seconds": round(time.monotonic() - started, 2),
        "steps": [step.plain() for step in steps],
    }


def _take(n: int, chapter: Chapter, traveller: Traveller) -> Step:
    started = time.monotonic()
    try:
        evidence = chapter.act(traveller)
    except Failed as failure:
        return Step(n, chapter.name, False, time.monotonic() - started, failure.evidence, str(failure))
    except Exception as problem:
        return Step(
            n, chapter.name, False, time.monotonic() - started, {}, f"{type(problem).__name__}: {problem}"
        )
    return Step(n, chapter.name, True, time.monotonic() - started, evidence)


def _print(step: Step, chapter: Chapter, console: Console) -> None:
    mark = "[green]✓[/]" if step.ok else "[red]✗[/]"
    console.print(
        f"{mark} [bold]{step.n:>2}[/]  {chapter.name}  [dim]{chapter.name_zh} · {step.seconds:.1f} s[/]"
    )
    for key, value in step.evidence.items():
        console.print(f"        [dim]{key}[/] {value}", highlight=False, soft_wrap=True)
    if step.error:
        console.print(f"        [red]{step.error}[/]", highlight=False)
