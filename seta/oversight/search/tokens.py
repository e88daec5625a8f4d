"""What the index holds instead of words: keyed digests of the pairs of characters of the folded text.

A pair's token is twelve hexadecimal digits: four for its first character, eight for the pair. A character is asked for
by the four digits that every pair which begins with it begins with; the last one of a text is paired with its end.
"""

from collections.abc import Iterable
from hashlib import blake2b
from operator import add

from django.conf import settings

from seta.kit.signing import subkey
from seta.oversight.rules.fold import fold

# Different pairs share a token now and then, and the recheck sorts them out: short ones keep the index small.
CHARACTER_BYTES, PAIR_BYTES = 2, 4
CHARACTER_DIGITS = 2 * CHARACTER_BYTES
KNOWN_MAX = 200_000
LONG_CHARS = 300
# Folding leaves no line break in a text, so nothing else is paired with one.
END = "\n"


def pairs(folded: str) -> Iterable[str]:
    """Every pair of neighbours and the last character with the end; those of a long text each once.

    What is said in a line hardly repeats a pair, and either index knows one that comes twice.
    """
    found = map(add, folded, folded[1:] + END)
    return found if len(folded) < LONG_CHARS else set(found)


def number(word: str) -> int:
    """A token as a signed 32-bit number, for an index of numbers: a pair's own digits, or a character's."""
    found = int(word[CHARACTER_DIGITS:] or word, 16)
    return found - (1 << 32) if found >> 31 else found


def numbers(words: str) -> list[int]:
    """The pairs of a message and their characters, each once: numbers cannot be asked for by how they begin."""
    found = words.split()
    return list({number(word) for word in found} | {number(word[:CHARACTER_DIGITS]) for word in found})


def _digest(gram: str, size: int, key: bytes) -> str:
    return blake2b(gram.encode(), digest_size=size, key=key).hexdigest()


class _Known(dict[str, str]):
    """Pairs and their tokens, learnt the first time one is met."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __missing__(self, pair: str) -> str:
        character = _digest(pair[0], CHARACTER_BYTES, self._key)
        word = self[pair] = character + _digest(pair, PAIR_BYTES, self._key)
        return word


class Tokens:
    """Turns text into one house's tokens; remembers the pairs it has met, since talk repeats itself."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known = _Known(key)

    def words_of(self, text: str) -> str:
        """All tokens of a message, between spaces; empty when nothing is left of it once folded."""
        return self.words_of_folded(fold(text))

    def words_of_folded(self, folded: str) -> str:
        """The same of a text that is folded already."""
        if len(self._known) > KNOWN_MAX:
            self._known.clear()
        return " ".join(map(self._known.__getitem__, pairs(folded)))

    def asked_for(self, term: str) -> set[str]:
        """What a message must have to hold this folded term: its pairs, or the beginning of a single character's."""
        if len(term) == 1:
            return {_digest(term, CHARACTER_BYTES, self._key)}
        return {self._known[pair] for pair in map(add, term, term[1:])}


_tokens: dict[tuple[str, int], Tokens] = {}


def key_of_house(house_id: int) -> bytes:
    """The key of a house's tokens, for a process that writes them without a database."""
    return subkey(settings.SECRET_KEY, f"oversight.search:{house_id}")


def tokens_of_house(house_id: int) -> Tokens:
    """A house's tokens: another house's rows, or another server's, never match them."""
    name = (settings.SECRET_KEY, house_id)
    found = _tokens.get(name)
    if found is None:
        found = _tokens[name] = Tokens(key_of_house(house_id))
    return found
