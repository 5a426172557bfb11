"""The Merkle tree against the definitions of RFC 6962 §2.1."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.rfc6962 import defined_path, defined_proof, defined_root

from adapters.evidence.merkle import (
    Span,
    Tree,
    consistency_spans,
    inclusion_spans,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

MOST = 64
LEAVES = [b"leaf %d" % n for n in range(MOST)]


def grown(size: int, keep: list[Span] | None = None) -> Tree:
    tree = Tree(keep or [])
    for leaf in LEAVES[:size]:
        tree.add(leaf)
    return tree


# --- the tree ---


def test_the_roots_are_those_of_the_definition() -> None:
    assert [grown(size).root() for size in range(MOST + 1)] == [defined_root(LEAVES[:size]) for size in range(MOST + 1)]


def test_the_roots_are_those_of_the_published_test_vectors() -> None:
    """The leaves and roots every implementation of Certificate Transparency is tested with."""
    tree = Tree()
    leaves = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
    assert tree.root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for leaf in leaves:
        tree.add(bytes.fromhex(leaf))
    assert tree.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_inclusion_paths_are_those_of_the_definition_and_verify(size: int) -> None:
    root = defined_root(LEAVES[:size])
    for index in range(size):
        spans = inclusion_spans(index, size)
        path = [*grown(size, spans).hashes(spans)]
        assert path == defined_path(index, LEAVES[:size])
        assert verify_inclusion(leaf_hash(LEAVES[index]), index, size, path, root)


@pytest.mark.parametrize("second", range(MOST + 1))
def test_consistency_proofs_are_those_of_the_definition_and_verify(second: int) -> None:
    for first in range(second + 1):
        spans = consistency_spans(first, second)
        path = [*grown(second, spans).hashes(spans)]
        roots = defined_root(LEAVES[:first]), defined_root(LEAVES[:second])
        assert path == (defined_proof(first, LEAVES[:second]) if first else [])
        assert verify_consistency(first, second, roots, path)


def test_a_tree_grown_on_gives_the_proofs_of_when_it_was_smaller() -> None:
    spans = inclusion_spans(5, 21)
    assert [*grown(MOST, spans).hashes(spans)] == defined_path(5, LEAVES[:21])


# --- what does not hold ---

SIZES = st.integers(1, MOST)


@given(st.data())
def test_no_other_leaf_place_size_path_or_root_verifies(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index = data.draw(st.integers(0, size - 1))
    path, root, leaf = defined_path(index, LEAVES[:size]), defined_root(LEAVES[:size]), leaf_hash(LEAVES[index])
    other = data.draw(st.binary(min_size=32, max_size=32))
    assert verify_inclusion(leaf, index, size, path, root)
    assert not verify_inclusion(other, index, size, path, root)
    assert not verify_inclusion(leaf, index, size, path, other)
    assert not verify_inclusion(leaf, index, size, [*path, other], root)
    assert not verify_inclusion(leaf, data.draw(st.integers(-1, MOST).filter(lambda n: n != index)), size, path, root)
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        assert not verify_inclusion(leaf, index, size, [*path[:place], other, *path[place + 1 :]], root)
        assert not verify_inclusion(leaf, index, size, [*path[:place], *path[place + 1 :]], root)


@given(st.data())
def test_no_history_written_anew_is_consistent(data: st.DataObject) -> None:
    second = data.draw(st.integers(2, MOST))
    first = data.draw(st.integers(1, second - 1))
    changed = data.draw(st.integers(0, first - 1))
    anew = [*LEAVES[:changed], b"another", *LEAVES[changed + 1 : second]]
    old, path = defined_root(LEAVES[:first]), defined_proof(first, anew)
    assert verify_consistency(first, second, (defined_root(anew[:first]), defined_root(anew)), path)
    assert not verify_consistency(first, second, (old, defined_root(anew)), path)
    assert not verify_consistency(first, second, (old, defined_root(anew)), defined_proof(first, LEAVES[:second]))
    assert not verify_consistency(second, first, (old, defined_root(anew)), path)


@given(st.integers(-2, MOST), st.integers(-2, MOST), st.lists(st.binary(min_size=32, max_size=32), max_size=8))
def test_whatever_is_given_is_answered(first: int, second: int, path: list[bytes]) -> None:
    roots = sha256(b"old").digest(), sha256(b"new").digest()
    assert not verify_consistency(first, second, roots, path)
    assert not verify_inclusion(roots[0], first, second, path, roots[1])
