"""Where ``casecore`` begins. Its front page is kept as ``--help`` prints it: nothing is loaded to show it."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Final

__all__ = ["FRONT_PAGE", "front_page", "main"]

FRONT_PAGE: Final = Path(__file__).with_name("front_page.txt")
"""Of 80 columns; made from the commands as their index is."""


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] in (["--help"], ["-h"]):
        sys.stdout.write(front_page())
    else:
        import_module("ops.cli").main()


def front_page() -> str:
    """The front page; what the encoding of stdout does not know is a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    return FRONT_PAGE.read_text("utf-8").encode(encoding, "replace").decode(encoding)
