"""Starts bots in a fraction of a second: a process that has imported everything forks one for each start.

What runs is the bot's own command line, staged as in staged_bot.py. It reads papers with the tests' encoder, which needs no
weights, and does not wait two seconds for further servers when it logs in.
"""

import contextlib
import gc
import json
import os
import pkgutil
import select
import signal
import sys
from importlib import import_module
from typing import Any

_PACKAGES = ("bot", "corpus", "retrieval")
_OTHERS = (
    "aiosqlite",
    "chromadb",
    "chromadb.api.rust",  # loaded by name when a client is made: half of what a start took
    "chromadb.telemetry.product.posthog",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "alembic.command",
    "tests.conftest",
)
_LOOK_SECONDS = 0.02
ROUND_SECONDS = "STAGED_ROUND_SECONDS"


def main() -> None:
    """Fork a bot for each line of stdin, and say on stdout how each ended."""
    for package in map(import_module, _PACKAGES):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and ".migrations." not in module.name:
                import_module(module.name)
    for name in _OTHERS:
        import_module(name)
    # The table of languages, which every bot loads in the background: two thirds of what a start and an end cost.
    import_module("retrieval.languages").other_language("de quoi parlent ces articles", lambda _word: False)
    gc.freeze()  # no bot looks through all these modules for garbage
    _say({"ready": True})
    while True:
        with contextlib.suppress(ChildProcessError):
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid:
                _say({"ended": pid, "code": os.waitstatus_to_exitcode(status)})
        if select.select([sys.stdin], [], [], _LOOK_SECONDS)[0]:
            line = sys.stdin.readline()
            if not line:
                return
            order = json.loads(line)
            if pid := os.fork():
                _say({"began": pid})
            else:
                _be(order)


def _be(order: dict[str, Any]) -> None:
    """Become the bot."""
    from tests.wire import staged_bot  # noqa: PLC0415

    file = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    signal.set_wakeup_fd(-1)
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv[1:] = order["arguments"]
    code = 1
    try:
        _with_words()
        _in_a_hurry()
        staged_bot.main()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


def _with_words() -> None:
    wiring, client, conftest = map(import_module, ("bot.wiring", "bot.client", "tests.conftest"))
    wiring.open_ensemble = lambda _settings: conftest.WORDS  # pyright: ignore[reportAttributeAccessIssue]
    begin = client.Papercord.__init__

    def begin_at_once(self: Any, *args: Any, **options: Any) -> None:
        begin(self, *args, **options)
        self._connection.guild_ready_timeout = 0.05

    client.Papercord.__init__ = begin_at_once


def _in_a_hurry() -> None:
    """Let the feeds' loop go round more often, where a test asks for it."""
    if seconds := os.environ.get(ROUND_SECONDS):
        import_module("bot.feeds.loop").__dict__["_ROUND_SECONDS"] = float(seconds)


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
