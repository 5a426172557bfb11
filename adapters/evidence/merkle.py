"""A Merkle tree over a log, as RFC 6962 (§2.1) defines it and RFC 9162 (§2.1.3, §2.1.4) verifies it.

A leaf's hash is SHA-256(0x00 ‖ leaf), a node's SHA-256(0x01 ‖ left ‖ right), the empty tree's SHA-256 of nothing. A
proof is a list of hashes of spans of leaves; :class:`Tree` computes root and spans in the one pass in which the leaves
go by, and keeps a hash for every bit of its size and those it was asked to keep.
"""

from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

__all__ = [
    "Span", "Tree", "consistency_spans", "inclusion_spans", "leaf_hash", "node_hash", "verify_consistency",
    "verify_inclusion",
]  # fmt: skip

EMPTY_ROOT: Final = sha256().digest()


class Span(NamedTuple):
    """The leaves from ``start`` (counted from 0) up to but not including ``end``."""

    start: int
    end: int


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node over two others."""
    return sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf."""

    def __init__(self, keep: Collection[Span] = ()) -> None:
        """Grow from nothing, keeping what the hashes of the spans to ``keep`` are made of."""
        self.size = 0
        self._peaks: list[bytes] = []  # the roots of the full subtrees, from the largest to the smallest
        self._wanted = frozenset(part for span in keep for part in _full_subtrees(span))
        self._kept: dict[Span, bytes] = {}

    def add(self, leaf: bytes) -> None:
        """Add a leaf at the end."""
        found = sha256(b"\0" + leaf).digest()
        start, self.size = self.size, self.size + 1
        full, width, wanted = self.size, 1, self._wanted
        if wanted and (start, self.size) in wanted:
            self._kept[Span(start, self.size)] = found
        while not full & 1:
            found = sha256(b"\1" + self._peaks.pop() + found).digest()
            full, width = full >> 1, width << 1
            if wanted and (self.size - width, self.size) in wanted:
                self._kept[Span(self.size - width, self.size)] = found
        self._peaks.append(found)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return _joined(self._peaks) if self._peaks else EMPTY_ROOT

    def hashes(self, spans: Sequence[Span]) -> tuple[bytes, ...]:
        """The hash of each span, which the tree was asked to keep and has grown past."""
        return tuple(_joined([self._kept[part] for part in _full_subtrees(span)]) for span in spans)


def _joined(peaks: Sequence[bytes]) -> bytes:
    """The root over full subtrees, from the largest to the smallest."""
    *others, root = peaks
    for peak in reversed(others):
        root = node_hash(peak, root)
    return root


def _full_subtrees(span: Span) -> Iterator[Span]:
    """The full subtrees a span of a proof falls into, from the largest to the smallest."""
    start, end = span
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        yield Span(start, start + width)
        start += width


def _split(size: int) -> int:
    """The largest power of two smaller than a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove that the leaf at ``index`` is in the tree of ``size`` leaves; PATH, leaf to root."""
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(first: int, second: int) -> list[Span]:
    """The spans whose hashes prove that a tree of ``second`` leaves begins with that of ``first``; PROOF, in its order."""
    if first in {0, second}:
        return []
    spans: list[Span] = []
    start, end = 0, second
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    if start:  # else it is the root of the first tree, which whoever verifies has
        spans.append(Span(start, end))
    return spans[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path leads from the hash of the leaf at ``index`` to the root of ``size`` leaves (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, reached = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            reached = node_hash(sibling, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(first: int, second: int, roots: tuple[bytes, bytes], path: Sequence[bytes]) -> bool:
    """Whether the tree of ``second`` leaves is that of ``first`` gone on; ``roots`` of both (RFC 9162 §2.1.4.2)."""
    first_root, second_root = roots
    if not 0 <= first <= second:
        return False
    if first in {0, second}:
        return not path and first_root == (EMPTY_ROOT if first == 0 else second_root)
    if first & (first - 1) == 0:
        path = [first_root, *path]
    if not path:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and (old, new) == (first_root, second_root)
