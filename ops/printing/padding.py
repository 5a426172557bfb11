"""Columns of text in which a Chinese character takes two places."""

from rich.cells import cell_len

__all__ = ["padded"]


def padded(text: str, width: int) -> str:
    """Padded by columns: a Chinese character takes two."""
    return text + " " * max(0, width - cell_len(text))
