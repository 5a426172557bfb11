"""Files written whole or not at all, and errors about a file that begin with its name."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casecore.errors import BadInput, Fault

__all__ = ["naming", "write_file"]


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """An error about a file begins with its name."""
    try:
        yield
    except BadInput as flaw:
        raise BadInput(flaw.code, str(path), str(flaw)) from flaw
    except Fault as flaw:
        raise Fault(f"{path}: {flaw}") from flaw
