"""A house's log as a Merkle tree over its rows: every eighth level is stored, the levels between follow from it."""

from functools import lru_cache

from django.db.models import Max

from seta.oversight.models import AuditEvent, Subtree
from seta.oversight.rules import merkle

STEP = 8
WIDTH = 1 << STEP
TILES_KEPT_MAX = 2_000
ROWS_A_STATEMENT_MAX = 500


class StoredTree:
    """Hands out subtree hashes of one house, as `merkle` asks for them; reads each row once while it lives."""

    def __init__(self, house_id: int) -> None:
        self.house_id = house_id
        self._tile = lru_cache(maxsize=TILES_KEPT_MAX)(self._read_tile)

    def __call__(self, level: int, number: int) -> bytes:
        """The hash of the complete subtree of 2**level lines that begins at line number * 2**level, from 0."""
        base = level - level % STEP
        first, count = number << (level - base), 1 << (level - base)
        tile, at = self._tile(base, first >> STEP), first % WIDTH
        hashes = tile[at : at + count]
        assert len(hashes) == count, f"subtree {level}/{number} of house {self.house_id} is not whole"
        return hashes[0] if count == 1 else merkle.fold(hashes)

    def _read_tile(self, level: int, tile: int) -> list[bytes]:
        first = tile << STEP
        if level == 0:
            lines = AuditEvent.objects.filter(house_id=self.house_id, seq__gt=first, seq__lte=first + WIDTH)
            told = list(lines.order_by("seq").values_list("leaf", flat=True))
        else:
            rows = Subtree.objects.filter(
                house_id=self.house_id, level=level, number__gte=first, number__lt=first + WIDTH
            )
            told = list(rows.order_by("number").values_list("digest", flat=True))
        return [bytes.fromhex(digest) for digest in told]


def grow(house_id: int, size: int) -> int:
    """Store the subtrees that became complete with `size` lines, lowest level first; returns how many."""
    made, level = 0, STEP
    while size >> level:
        rows = Subtree.objects.filter(house_id=house_id, level=level)
        known = rows.aggregate(last=Max("number"))["last"]
        first = 0 if known is None else known + 1
        tree = StoredTree(house_id)
        for start in range(first, size >> level, ROWS_A_STATEMENT_MAX):
            numbers = range(start, min(size >> level, start + ROWS_A_STATEMENT_MAX))
            Subtree.objects.bulk_create(
                Subtree(house_id=house_id, level=level, number=number, digest=_whole(tree, level, number))
                for number in numbers
            )
            made += len(numbers)
        level += STEP
    return made


def _whole(tree: StoredTree, level: int, number: int) -> str:
    """A subtree from its two halves, since its own row is only being made."""
    return merkle.node_hash(tree(level - 1, 2 * number), tree(level - 1, 2 * number + 1)).hex()
