"""The same replications on many machines: a Dask cluster, named by its scheduler's address.

The plans travel once, as one small packed value that workers hand to each other; a task is a batch
of replication numbers. A batch is a function of its numbers alone, so the scheduler may do it again
when a worker dies: its rows are taken when its future is, which is once.
"""

from __future__ import annotations

import asyncio
import pickle
import queue
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import uuid4

from sim.errors import OptionError, Problem, RunError
from sim.plan.plan import Plan
from sim.runs.task import Conditions, Row, Rows, one_replication
from sim.version import VERSION

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_S: Final = 5.0
"""Seconds in which a scheduler must answer, and then show a worker."""
EMPTY_S: Final = 30.0
"""Seconds without any worker after which a run is given up."""
LOOK_S: Final = 1.0
"""Seconds between looks at which workers are there."""
BATCH_S: Final = 0.5
"""Seconds a batch should take: long beside the cluster's own cost, short to wait for."""
AHEAD: Final = 2
"""Batches in hand or next in line for each thread of a worker."""
FLOORS: Final = ("theory", "scenario", "plan", "engine", "results", "analysis", ".")
"""Folders of this program on the way from a plan to its tallies, and the files beside them."""
PACKAGES: Final = ("numpy", "scipy")
"""Packages whose version may change the last bit of a figure."""


class BatchResult(NamedTuple):
    """What a task brings back."""

    rows: tuple[Row, ...]
    seconds: float


def on_cluster(
    plans: tuple[Plan, ...], conditions: Conditions, replications: int, address: str
) -> Rows:
    """Replications as a cluster finishes them; few are under way at a time, so it stops soon.

    Raises
    ------
    OptionError
        When Dask is not installed here.
    RunError
        When no scheduler answers at the address, it has no workers or loses them all, or its
        workers have other versions.
    """
    with _client(address) as client:
        dispatcher = _Dispatcher(
            client, zlib.compress(pickle.dumps((plans, conditions)), 1), replications
        )
        try:
            while dispatcher.refill():
                yield from dispatcher.next_finished()
        finally:
            dispatcher.stop()


# === here === #


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError:
        raise OptionError(Problem("no_dask", "cluster", found=address)) from None
    try:
        # in a thread of its own: a notebook's has a loop already
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(_knock(address))).result()
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except Exception:
        # no such host, nobody there, somebody else there, no address at all
        raise RunError(Problem("cluster_silent", "cluster", found=address)) from None
    try:
        yield client
    finally:
        with suppress(OSError):
            client.close(timeout=CONNECT_S)


async def _knock(address: str) -> None:
    """Shake hands with a scheduler; a client would wait minutes for one that is mute."""
    from distributed.comm import connect

    comm = await asyncio.wait_for(connect(address, timeout=CONNECT_S), CONNECT_S)
    await comm.close()


class _Dispatcher:
    """Which batches are where."""

    def __init__(self, client: Client, packed: bytes, replications: int) -> None:
        self._client, self._left = client, iter(range(replications))
        self._unasked = replications
        self._name = f"govhall-{uuid4().hex}"
        self._finished: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._under_way: dict[Future, tuple[range, str]] = {}
        self._each_s = 0.0
        """Seconds a replication takes; 0 before the first."""
        self._threads: dict[str, int] = {}
        self._looked = self._seen = time.monotonic()
        self._look(CONNECT_S)
        # a task and not scattered data, which is lost with the last worker that holds it
        self._packed = client.submit(bytes, packed, key=f"{self._name}-plans")
        self._about = about()

    def refill(self) -> bool:
        """Give every worker enough to do; false when nothing is left and nothing under way."""
        if time.monotonic() - self._looked > LOOK_S:
            self._look(EMPTY_S)
        load = Counter(worker for _, worker in self._under_way.values())
        while self._unasked and self._threads:
            worker = min(self._threads, key=lambda worker: load[worker] / self._threads[worker])
            if load[worker] >= AHEAD * self._threads[worker]:
                break
            self._submit(worker)
            load[worker] += 1
        return bool(self._unasked or self._under_way)

    def next_finished(self) -> Iterator[tuple[int, Row]]:
        """Rows of the next batch that is done; none when it takes longer than a look."""
        try:
            future = self._finished.get(timeout=LOOK_S)
        except queue.Empty:
            return
        batch = self._result(future)
        if batch is None:  # lost again before it was fetched; it is done anew
            self._finished.put(future)
            return
        numbers, _ = self._under_way.pop(future)
        future.release()
        self._each_s = batch.seconds / len(numbers)
        yield from zip(numbers, batch.rows, strict=True)

    def stop(self) -> None:
        """Take back what is not done."""
        with suppress(Exception):  # the cluster may be gone
            self._client.cancel([self._packed, *self._under_way])

    def _submit(self, worker: str) -> None:
        threads = sum(self._threads.values())
        fits = int(BATCH_S / self._each_s) if self._each_s else 1
        size = max(1, min(fits, self._unasked // (AHEAD * threads)))
        first = next(self._left)
        numbers = range(first, first + size)
        for _ in numbers[1:]:
            next(self._left)
        self._unasked -= size
        try:
            future = self._client.submit(
                _batch,
                self._packed,
                numbers,
                self._about,
                key=f"{self._name}-{first}",
                workers=[worker],
                allow_other_workers=True,  # when that one dies
            )
        except Exception as error:
            raise _lost(error) from None
        self._under_way[future] = (numbers, worker)
        future.add_done_callback(self._finished.put)

    def _look(self, patience: float) -> None:
        """Learn which workers there are; give up when there have been none for so long."""
        while True:
            try:
                self._threads = dict(self._client.nthreads())
            except Exception as error:
                raise _lost(error) from None
            self._looked = time.monotonic()
            if self._threads:
                self._seen = self._looked
                return
            if self._looked - self._seen > patience:
                raise RunError(Problem("cluster_empty", "cluster"))
            time.sleep(LOOK_S / 5)

    def _result(self, future: Future) -> BatchResult | None:
        from distributed import CancelledError as Dropped
        from distributed import KilledWorker

        try:
            batch: BatchResult = future.result(timeout=CONNECT_S)
        except TimeoutError:
            self._look(EMPTY_S)
            return None
        except (KilledWorker, Dropped, CancelledError, OSError) as error:
            raise _lost(error) from None
        except (ImportError, AttributeError, pickle.UnpicklingError) as error:
            failure = f"{type(error).__name__}: {error}"
            raise RunError(Problem("cluster_differs", "cluster", found=failure)) from None
        return batch


def _lost(error: Exception) -> RunError:
    return RunError(Problem("cluster_lost", "cluster", found=type(error).__name__))


# === on a worker === #


def about() -> str:
    """What decides whether two machines give the same figures."""
    program = f"govhall {VERSION} ({_digest()})"
    return ", ".join([program, *(f"{package} {_version(package)}" for package in PACKAGES)])


@lru_cache(maxsize=1)
def _digest() -> str:
    """Of the sources that make a figure: a checkout may change under one version."""
    root, digest = Path(__file__).resolve().parents[1], sha256()
    for floor in FLOORS:
        for path in sorted((root / floor).glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:8]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"


@lru_cache(maxsize=2)
def _opened(packed: bytes) -> tuple[Sequence[Plan], Conditions]:
    opened: tuple[Sequence[Plan], Conditions] = pickle.loads(zlib.decompress(packed))
    return opened


def _batch(packed: bytes, numbers: range, asker: str) -> BatchResult:
    if (here := about()) != asker:
        raise RunError(Problem("cluster_differs", "cluster", found=here, allowed=asker))
    plans, conditions = _opened(packed)
    began = time.perf_counter()
    rows = tuple(one_replication(plans, conditions, number) for number in numbers)
    return BatchResult(rows, time.perf_counter() - began)
