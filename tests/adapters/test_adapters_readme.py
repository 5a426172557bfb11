"""The README of the adapters is tested: its code runs on a SQLite file and prints what it says."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import adapters

README: Final = (Path(__file__).resolve().parents[2] / "adapters" / "README.md").read_text("utf-8")
((CODE, PRINTED),) = re.findall(r"```python\n(.*?)```\n\nprints\n\n```\n(.*?)```", README, re.DOTALL)


def test_the_code_of_the_readme_prints_what_it_says(tmp_path: Path) -> None:
    script = tmp_path / "readme.py"
    script.write_text(CODE, "utf-8")
    run = (sys.executable, "-X", "utf8", "-W", "error", script)
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr == ""
    assert done.stdout == PRINTED


def test_the_readme_names_every_public_function() -> None:
    table = README.split("## What is there to call")[1].split("```python")[0]
    assert set(re.findall(r"`(\w+)\(", table)) == set(adapters.__all__)
