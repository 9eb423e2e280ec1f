"""One version of the program, invoked over and over in one process; run by its path, not imported.

It reads a list of arguments a line and answers each with a line: status, output, complaints,
seconds. Only what every version has is used: `sim.__main__.main`.
"""

from __future__ import annotations

import io
import json
import signal
import sys
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout
from types import FrameType
from typing import Any


class OutOfTime(BaseException):
    """An invocation took too long; no handler of the program's own errors holds it up."""


def _raise_out_of_time(signum: int, frame: FrameType | None) -> None:
    raise OutOfTime


def invoke(arguments: list[str], seconds: int) -> dict[str, Any]:
    """Invoke the program; what came of it."""
    from sim.__main__ import main

    output, complaints = io.StringIO(), io.StringIO()
    start = time.perf_counter()
    status: object
    signal.alarm(seconds)
    try:
        with redirect_stdout(output), redirect_stderr(complaints):
            main(arguments)
    except SystemExit as left:
        status = left.code or 0
    except OutOfTime:
        status = f"not done after {seconds} s"
    except Exception:
        status = traceback.format_exc(limit=-3)
    finally:
        signal.alarm(0)
    return {
        "status": status,
        "output": output.getvalue(),
        "complaints": complaints.getvalue(),
        "seconds": time.perf_counter() - start,
    }


if __name__ == "__main__":
    import sim

    signal.signal(signal.SIGALRM, _raise_out_of_time)
    answers = sys.stdout
    print(json.dumps({"package": sim.__file__}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(
            json.dumps(invoke(request["arguments"], request["seconds"])), file=answers, flush=True
        )
