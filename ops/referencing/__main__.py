"""``python -m ops.referencing FOLDER``: write every page of the reference into a folder."""

import sys
from pathlib import Path

from ops.referencing import PAGES

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), "utf-8")
