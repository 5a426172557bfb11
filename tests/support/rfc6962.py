"""RFC 6962 §2.1 written out as it stands there: an independent implementation, with nothing of ours."""

from hashlib import sha256

__all__ = ["defined_path", "defined_proof", "defined_root"]


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = below(len(leaves))
    return sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def below(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def defined_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH."""
    if len(leaves) == 1:
        return []
    k = below(len(leaves))
    if m < k:
        return [*defined_path(m, leaves[:k]), defined_root(leaves[k:])]
    return [*defined_path(m - k, leaves[k:]), defined_root(leaves[:k])]


def defined_proof(m: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF."""
    if m == len(leaves):
        return [] if whole else [defined_root(leaves)]
    k = below(len(leaves))
    if m <= k:
        return [*defined_proof(m, leaves[:k], whole=whole), defined_root(leaves[k:])]
    return [*defined_proof(m - k, leaves[k:], whole=False), defined_root(leaves[:k])]
