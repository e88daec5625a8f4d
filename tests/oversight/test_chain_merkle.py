"""Roots and proofs agree with a tree that is computed the slow way, for every size and between any two."""

import hashlib
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.oversight.models import AuditEvent, Subtree
from seta.oversight.operations import append_audit
from seta.oversight.operations.audit import append_audit_many
from seta.oversight.rules import bundle, container, heads, merkle
from seta.oversight.rules.verifying import verify
from seta.oversight.tree import StoredTree, grow
from tests.oversight.evidence_world import NOON

LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(150)]
SIZES = st.integers(0, len(LEAVES))

LOGGED = 7_000_007
"""A house no other test has: logs are never emptied, not even between tests."""


def naive(leaves: list[bytes]) -> bytes:
    """RFC 6962's definition, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + naive(leaves[:half]) + naive(leaves[half:])).digest()


def nodes(level: int, number: int) -> bytes:
    return naive(LEAVES[number << level : (number + 1) << level])


def test_the_published_example_of_an_empty_tree_and_of_one_leaf() -> None:
    assert merkle.root(0, nodes).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(SIZES)
def test_a_root_is_the_definitions_however_it_is_computed(size: int) -> None:
    expected = naive(LEAVES[:size])

    assert merkle.root(size, nodes) == expected
    assert merkle.fold(LEAVES[:size]) == expected


@given(st.data())
def test_every_leaf_is_proven_in_its_place_and_in_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(LEAVES)))
    at, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    proof, root = merkle.inclusion(at, size, nodes), naive(LEAVES[:size])

    assert merkle.includes(LEAVES[at], at, size, proof, root)
    assert merkle.includes(LEAVES[other], at, size, proof, root) == (at == other)
    assert not merkle.includes(LEAVES[at], at, size, [*proof, proof[0] if proof else root], root)


@given(SIZES, SIZES)
def test_any_two_sizes_are_consistent_and_a_rewritten_past_is_not(one: int, two: int) -> None:
    old, new = sorted((one, two))
    proof = merkle.consistency(old, new, nodes)
    old_root, new_root = naive(LEAVES[:old]), naive(LEAVES[:new])

    assert merkle.extends(old, old_root, new, new_root, proof)
    if old:
        forged = naive([merkle.leaf_hash(b"forged"), *LEAVES[1:old]])
        assert not merkle.extends(old, forged, new, new_root, proof)
    if proof:
        assert not merkle.extends(old, old_root, new, new_root, proof[:-1])


@pytest.mark.django_db
def test_stored_subtrees_give_the_same_roots_and_proofs_as_the_rows() -> None:
    append_audit_many(house_id=LOGGED, kind="x", details=[{"n": n} for n in range(700)], now=NOON)
    grow(LOGGED, 300)
    grow(LOGGED, 700)
    leaves = [
        bytes.fromhex(each)
        for each in AuditEvent.objects.filter(house_id=LOGGED).order_by("seq").values_list("leaf", flat=True)
    ]
    tree = StoredTree(LOGGED)

    assert Subtree.objects.filter(house_id=LOGGED, level=8).count() == 2
    for size in (1, 255, 256, 257, 512, 699, 700):
        assert merkle.root(size, tree) == naive(leaves[:size])
    proof = merkle.inclusion(300, 700, tree)
    assert merkle.includes(leaves[300], 300, 700, proof, naive(leaves))
    assert merkle.extends(257, naive(leaves[:257]), 700, naive(leaves), merkle.consistency(257, 700, tree))


@pytest.mark.django_db
def test_growing_twice_stores_nothing_twice() -> None:
    append_audit_many(house_id=LOGGED, kind="x", details=[{"n": n} for n in range(600)], now=NOON)
    append_audit(house_id=8, kind="x", details={}, now=NOON)

    assert (grow(LOGGED, 600), grow(LOGGED, 600), grow(LOGGED + 1, 1)) == (2, 0, 0)


def envelope(path: Path, files: dict[str, bytes]) -> Path:
    with path.open("w+b") as out:
        writer = container.Writer(out)
        for name, raw in files.items():
            writer.add(name, [raw])
        writer.done()
    return path


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "media/../../x", "C:\\x", "media/" + "A" * 64]
)
def test_a_name_that_leads_out_is_told_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    path = envelope(tmp_path / "slip.zip", {name: b"x", bundle.MANIFEST: b"{}"})

    report = verify(path)

    assert any("is a name that no bundle has" in fault for fault in report.faults)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["slip.zip"]


def test_a_packed_zip_is_refused_before_anything_is_unpacked(tmp_path: Path) -> None:

    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(bundle.MESSAGES, b"\0" * 50_000_000)

    assert verify(path).faults[0].startswith("envelope")


@given(st.binary(max_size=400))
def test_whatever_stands_in_a_file_it_is_refused_in_words(raw: bytes) -> None:

    with tempfile.TemporaryDirectory() as folder:
        path = envelope(
            Path(folder) / "x.zip",
            dict.fromkeys(
                (bundle.MANIFEST, bundle.KEYS, bundle.HEADS, bundle.CONSISTENCY, bundle.MESSAGES), raw
            ),
        )
        assert not verify(path).ok


def test_a_printed_head_is_read_back_and_a_changed_one_does_not_hold() -> None:
    secret, public = heads.make_key()
    head = heads.Head(
        heads.origin_of("serica", public), 3, "ab" * 32, "cd" * 32, NOON.isoformat(), heads.key_id(public)
    )
    signed = heads.SignedHead(head, heads.sign(secret, heads.HEAD, head.text()))

    printed = heads.paper(signed)

    assert heads.read_paper(printed) == signed
    assert signed.holds(public)
    assert not heads.read_paper(printed.replace('"size":3', '"size":4')).holds(public)
