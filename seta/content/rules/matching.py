"""Which approved version a shared text or image is: the same, a changed one, one out of force, or none."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seta.content.rules.images import ALIKE_BITS_MAX, SAME_BITS_MAX, Print
from seta.content.rules.texts import figures, normalise, shingles

# Of an approved text's pairs, how many a shared text must have to be a changed copy of it.
COPIED_SHARE = 0.6
# Shorter texts are talk: everybody says them.
CONTENT_CHARS_MIN = 24
APPROVED_CHARS_MIN = 6


class Outcome(StrEnum):
    """What a shared thing turned out to be."""

    APPROVED = "approved"
    ALTERED = "altered"
    OUT_OF_FORCE = "out_of_force"
    UNAPPROVED = "unapproved"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Entry:
    """A version that was approved, ready to be compared; in force from `since` until `until`."""

    version_id: int
    normalised: str
    picture: Print | None
    since: datetime
    until: datetime | None

    def in_force(self, at: datetime) -> bool:
        """Whether it might be shown at this instant."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Match:
    """The outcome, the version it is nearest to and how near, from 0 to 1000."""

    outcome: Outcome
    version_id: int | None = None
    similarity: int = 0


NOTHING_LIKE_IT = Match(Outcome.UNAPPROVED)


class Shelf:
    """A house's approved versions, by their pairs and prints; never changes, may be shared between threads."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        entries = list(entries)
        self._texts = [entry for entry in entries if len(entry.normalised) >= APPROVED_CHARS_MIN]
        self._pictures = [(entry, entry.picture) for entry in entries if entry.picture is not None]
        self._sizes = []
        self._holders: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(self._texts):
            found = shingles(entry.normalised)
            self._sizes.append(len(found))
            for shingle in found:
                self._holders[shingle].append(place)

    def match_text(self, text: str, *, at: datetime) -> Match:
        """What a text is: words around an approved one are the associate's own and are policy's affair."""
        shared = normalise(text)
        found = shingles(shared)
        counted = Counter(place for shingle in found for place in self._holders.get(shingle, ()))
        best, best_rank = None, (False, 0.0, 0.0)
        for place, common in counted.items():
            share = common / self._sizes[place]
            if share < COPIED_SHARE:
                continue
            entry = self._texts[place]
            is_whole = entry.normalised in shared
            rank = (is_whole, share, float(self._sizes[place]) + entry.in_force(at) / 2)
            if rank > best_rank:
                best, best_rank = entry, rank
        if best is None:
            return NOTHING_LIKE_IT
        similarity = 1000 if best_rank[0] else min(999, round(1000 * best_rank[1]))
        if best_rank[0] and figures(best.normalised) <= figures(shared):
            outcome = Outcome.APPROVED if best.in_force(at) else Outcome.OUT_OF_FORCE
        else:
            outcome = Outcome.ALTERED
        return Match(outcome, best.version_id, similarity)

    def match_picture(self, picture: Print, *, at: datetime) -> Match:
        """What a picture is: copies made smaller or pressed harder are the same."""
        near = [(picture.difference(other), not entry.in_force(at), entry) for entry, other in self._pictures]
        near = [one for one in near if one[0] <= ALIKE_BITS_MAX]
        if not near:
            return NOTHING_LIKE_IT
        bits, _, entry = min(near, key=lambda one: (one[0] > SAME_BITS_MAX, one[1], one[0]))
        similarity = round(1000 * (64 - bits) / 64)
        if bits > SAME_BITS_MAX:
            return Match(Outcome.ALTERED, entry.version_id, similarity)
        outcome = Outcome.APPROVED if entry.in_force(at) else Outcome.OUT_OF_FORCE
        return Match(outcome, entry.version_id, similarity)


def is_content(text: str) -> bool:
    """Whether a text is long enough to be something shown rather than something said."""
    return len(normalise(text)) >= CONTENT_CHARS_MIN
