"""`python -m tests.notebooks` builds each notebook from its script, with outputs.

Code that has not changed is not run again; `--all` runs everything, names (`02 04`) only theirs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from tests.notebooks.build import (
    is_current,
    read_built,
    read_script,
    run,
    scripts,
    with_outputs_of,
    write_built,
)


def build(script: Path, *, anew: bool) -> None:
    """Build one notebook and say what was done."""
    begun = perf_counter()
    must_run = anew or not is_current(script)
    built = None if must_run else read_built(script)
    write_built(
        script, run(script) if built is None else with_outputs_of(read_script(script), built)
    )
    size = script.with_suffix(".ipynb").stat().st_size
    how = f"run in {perf_counter() - begun:.0f} s" if must_run else "its code has not changed"
    print(f"{script.stem}: {how}, {size / 1000:.0f} kB", flush=True)


def main(words: list[str]) -> int:
    names = [word for word in words if word != "--all"]
    chosen = [
        script
        for script in scripts()
        if not names or any(script.stem.startswith(name) for name in names)
    ]
    if not chosen:
        print(f"{names}: there are {', '.join(script.stem for script in scripts())}")
        return 2
    for script in chosen:
        build(script, anew="--all" in words or bool(names))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
