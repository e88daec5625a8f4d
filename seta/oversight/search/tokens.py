"""What the index holds instead of words: keyed digests of the characters and pairs of the folded text."""

from hashlib import blake2b
from struct import Struct

from django.conf import settings

from seta.kit.signing import subkey
from seta.oversight.rules.fold import fold

# Thirty-two bits: two pairs share a token once in four thousand million, and the recheck sorts them out.
TOKEN_BYTES = 4
KNOWN_GRAMS_MAX = 200_000
_SIGNED = Struct(">i")


def grams(folded: str) -> set[str]:
    """Every character and every pair of neighbours, each once."""
    found = set(map(str.__add__, folded, folded[1:]))
    found.update(folded)
    return found


def query_grams(term: str) -> set[str]:
    """What a text must have to hold this folded term: its pairs, or the character that it is."""
    return set(map(str.__add__, term, term[1:])) if len(term) > 1 else {term}


class Tokens:
    """Turns grams into one house's tokens; remembers those it has met, since talk repeats itself."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, int] = {}

    def of_grams(self, wanted: set[str]) -> list[int]:
        """The token of each gram, as a signed 32-bit number."""
        known = self._known
        if len(known) > KNOWN_GRAMS_MAX:
            known.clear()
        found = []
        for gram in wanted:
            token = known.get(gram)
            if token is None:
                digest = blake2b(gram.encode(), digest_size=TOKEN_BYTES, key=self._key).digest()
                token = known[gram] = _SIGNED.unpack(digest)[0]
            found.append(token)
        return found

    def of_text(self, text: str) -> list[int]:
        """All tokens of a message; none when nothing is left of it once folded."""
        return self.of_grams(grams(fold(text)))


_tokens: dict[tuple[str, int], Tokens] = {}


def tokens_of_house(house_id: int) -> Tokens:
    """A house's tokens: another house's rows, or another server's, never match them."""
    name = (settings.SECRET_KEY, house_id)
    found = _tokens.get(name)
    if found is None:
        found = _tokens[name] = Tokens(subkey(settings.SECRET_KEY, f"oversight.search:{house_id}"))
    return found
