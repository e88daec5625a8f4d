"""Shows a message in folded form with the way back to what was written, and with its substitutes taken back."""

from collections.abc import Sequence

from seta.oversight.rules.fold import MEANINGS, SPLITS, fold, light, offsets

Span = tuple[int, int]


class View:
    """A message in folded form, with the way back to the original span of each of its characters."""

    __slots__ = ("_light", "_places", "folded", "original")

    def __init__(self, original: str, folded: str, places: list[Span] | None = None) -> None:
        self.original, self.folded, self._places = original, folded, places
        self._light: str | None = None

    @property
    def light(self) -> str:
        """The original folded one character for one."""
        if self._light is None:
            self._light = light(self.original)
        return self._light

    @property
    def places(self) -> list[Span]:
        """For each folded character the span of the original it came from."""
        if self._places is None:
            self._places = [(index, index + 1) for index in offsets(self.original)]
        return self._places

    def origin(self, start: int, end: int) -> Span:
        """The original span of a folded one."""
        return self.places[start][0], self.places[end - 1][1]


def restored(text: str, *, meant: bool) -> View:
    """The text with symbols read as the words they stand for and parts put together to characters."""
    folded: list[str] = []
    places: list[Span] = []
    for index, character in enumerate(text):
        word = MEANINGS.get(ord(character), character) if meant else character
        for part in fold(word):
            folded.append(part)
            places.append((index, index + 1))
    return _joined_parts(text, folded, places)


def _joined_parts(text: str, folded: Sequence[str], places: Sequence[Span]) -> View:
    whole: list[str] = []
    spans: list[Span] = []
    at = 0
    while at < len(folded):
        for width in (3, 2):
            made = SPLITS.get("".join(folded[at : at + width]))
            if made and at + width <= len(folded):
                whole.append(made)
                spans.append((places[at][0], places[at + width - 1][1]))
                at += width
                break
        else:
            whole.append(folded[at])
            spans.append(places[at])
            at += 1
    return View(text, "".join(whole), spans)
