"""The log as a Merkle tree after RFC 6962, 2.1: roots, inclusion and consistency proofs, from stored subtrees."""

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
PROOF_HASHES_MAX = 130

Nodes = Callable[[int, int], bytes]
"""The hash of the complete subtree of 2**level leaves that begins at leaf number * 2**level."""


def leaf_hash(body: bytes) -> bytes:
    """SHA-256 of a zero byte and the leaf's bytes."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of a one byte and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that only grows: the roots of its complete subtrees, largest first; takes a leaf in constant time."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf hash at the end."""
        sha256, roots = hashlib.sha256, self._roots
        size, digest = self.size, leaf
        while size & 1:
            digest = sha256(b"\x01" + roots.pop() + digest).digest()
            size >>= 1
        roots.append(digest)
        self.size += 1

    def root(self) -> bytes:
        """The tree's hash; of no leaf at all, SHA-256 of nothing."""
        if not self._roots:
            return EMPTY_ROOT
        digest = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            digest = node_hash(left, digest)
        return digest


def fold(hashes: Iterable[bytes]) -> bytes:
    """The hash of a tree whose leaves, or equally large complete subtrees, have these hashes."""
    tree = Frontier()
    for digest in hashes:
        tree.add(digest)
    return tree.root()


def root(size: int, nodes: Nodes) -> bytes:
    """The hash of the tree of the first `size` leaves."""
    return _span(0, size, nodes) if size else EMPTY_ROOT


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """PATH(index, D[size]): the hashes that lead from a leaf, counted from 0, to the root."""
    assert 0 <= index < size
    proof, first, count = [], 0, size
    while count > 1:
        half = _half(count)
        if index - first < half:
            proof.append(_span(first + half, count - half, nodes))
            count = half
        else:
            proof.append(_span(first, half, nodes))
            first, count = first + half, count - half
    return proof[::-1]


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """PROOF(old, D[new]): that the tree of `new` leaves begins with the tree of `old`; empty for 0 and for equal."""
    assert 0 <= old <= new
    if old in (0, new):
        return []
    proof, first, count, remaining, is_whole = [], 0, new, old, True
    while remaining != count:
        half = _half(count)
        if remaining <= half:
            proof.append(_span(first + half, count - half, nodes))
            count = half
        else:
            proof.append(_span(first, half, nodes))
            first, count, remaining, is_whole = first + half, count - half, remaining - half, False
    if not is_whole:
        proof.append(_span(first, count, nodes))
    return proof[::-1]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether a proof leads from a leaf hash at this place to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, digest = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            digest = node_hash(other, digest)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            digest = node_hash(digest, other)
        at, last = at >> 1, last >> 1
    return last == 0 and digest == expected


def extends(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the newer tree begins with the older one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(other, before), node_hash(other, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, other)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _half(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _span(first: int, count: int, nodes: Nodes) -> bytes:
    """The hash of `count` leaves from `first`, which every split of the tree leaves aligned."""
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, first >> level)
    half = _half(count)
    return node_hash(_span(first, half, nodes), _span(first + half, count - half, nodes))
