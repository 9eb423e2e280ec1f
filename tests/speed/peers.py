"""Programs of others on the same workloads: each prints one JSON line with its speed.

They are not part of the project. `--peers FOLDER` names a folder with programs called as
`python FOLDER/peers/NAME.py --days N --seed S` (workload 2) or `--n N --seed S` (workload 1), whose
last line of output has `customers_per_s`. What is missing or fails is left out, and said so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Peer(NamedTuple):
    """One program and how it is called."""

    name: str
    workload: str
    command: tuple[str, ...]


KNOWN: tuple[tuple[str, str, str, str], ...] = (
    ("c", "W1", "native_hall", "--mmc --n 2000000"),
    ("cimba", "W1", "cimba_mmc", "--store"),
    ("simpy", "W1", "simpy_mmc", ""),
    ("simpy-lean", "W1", "simpy_mmc", "--lean"),
    ("plain Python", "W1", "pyheap_mmc", ""),
    ("ciw", "W1", "ciw_mmc", ""),
    ("salabim", "W1", "salabim_mmc", "--n 20000"),
    ("c", "W2", "native_hall", "--days 250"),
    ("cimba", "W2", "cimba_hall", "--days 250"),
    ("simpy", "W2", "simpy_hall", "--days 20"),
    ("simpy-lean", "W2", "simpy_hall", "--lean --days 100"),
    ("plain Python", "W2", "pyheap_hall", "--days 100"),
    ("ciw (front office only)", "W2", "ciw_hall", "--days 20"),
    ("salabim", "W2", "salabim_hall", "--days 4"),
)
"""Name, workload, program, options."""


def known_peers(folder: Path | None, pythons: Mapping[str, str]) -> tuple[Peer, ...]:
    """The programs of a folder.

    Parameters
    ----------
    pythons
        Interpreters of peers that live in environments of their own, by the peer's first word.
    """
    if folder is None:
        return ()
    peers = []
    for name, workload, program, options in KNOWN:
        path = folder / "peers" / f"{program}.py"
        if path.is_file():
            python = pythons.get(name.split()[0].split("-")[0], pythons.get("", sys.executable))
            peers.append(Peer(name, workload, (python, str(path), *options.split())))
    return tuple(peers)


def peer_speed(peer: Peer, seed: int) -> float:
    """Customers a second as the program itself says; 0 when it does not run here."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [*peer.command, "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    try:
        return float(json.loads(done.stdout.strip().splitlines()[-1])["customers_per_s"])
    except (IndexError, ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        print(f"left out: {peer.name}, {peer.workload}: {reason}", file=sys.stderr)
        return 0.0
