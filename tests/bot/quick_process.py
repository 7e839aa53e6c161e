"""Processes that begin with everything loaded: one that has imported the command line forks each, which takes its time only once.

What runs is `papercord …` as a process: with arguments, environment, streams and an end of its own.
"""

import atexit
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 600  # the longest takes two minutes on a quiet machine
_LOADED = ("bot.tasks", "aiosqlite", "chromadb.api.rust", "sqlalchemy.dialects.sqlite.aiosqlite")


def run_quickly(
    arguments: Sequence[str], *, env: Mapping[str, str], pasted: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """What `subprocess.run` gives of `python -m bot` and these arguments."""
    with TemporaryDirectory() as name:
        given, *said = (Path(name) / stream for stream in ("in", "out", "err"))
        given.write_text(pasted or "", "utf-8")
        files = [str(given), *map(str, said)]
        code = _order(json.dumps({"arguments": arguments, "env": dict(env), "files": files}))
        out, err = (file.read_text("utf-8") for file in said)
    return subprocess.CompletedProcess(["papercord", *arguments], code, out, err)


_one_at_a_time = Lock()


def _order(line: str) -> int:
    with _one_at_a_time:
        server = _server()
        assert server.stdin
        assert server.stdout
        server.stdin.write(f"{line}\n")
        server.stdin.flush()
        return int(server.stdout.readline())


@cache
def _server() -> "subprocess.Popen[str]":
    server = subprocess.Popen(
        [sys.executable, "-m", __name__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    atexit.register(server.communicate)  # its stdin is closed, so it ends
    return server


def main() -> None:
    """Fork a process for each line of stdin, and say on stdout how it ended."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does it before numpy comes
    for name in _LOADED:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            return _be(order)
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    return None


def _be(order: Mapping[str, Any]) -> None:
    """Become the process; what it raises ends it."""
    given, *said = order["files"]
    os.dup2(os.open(given, os.O_RDONLY), 0)
    for number, file in enumerate(said, 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    signal.alarm(_PATIENCE_SECONDS)
    os.environ.clear()
    os.environ.update(order["env"])
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the other has read ahead
    sys.argv[1:] = order["arguments"]
    importlib.import_module("bot.cli").main(prog_name="papercord")


if __name__ == "__main__":
    main()
