"""What every command of the command line has in common: its options, and how it runs, fails and ends."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bot.config import Settings

Command = TypeVar("Command", bound=Callable[..., Any])
_DEFAULT_CONFIG = Path("config.toml")
_INTERRUPTED = 130


@dataclass
class Globals:
    """The options that every command takes, before its name or after it."""

    config: Path | None = None
    data: Path | None = None
    verbose: bool = False

    def settings(self) -> "Settings":
        """The settings they lead to. Raises ConfigurationError."""
        from bot.config import load_settings  # noqa: PLC0415

        file = self.config or (_DEFAULT_CONFIG if _DEFAULT_CONFIG.exists() else None)
        return load_settings(file, data=self.data)


def global_options(command: Command) -> Command:
    """`--config`, `--data` and `--verbose`, before the command's name or behind it."""

    def remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value and parameter.name:
            setattr(context.ensure_object(Globals), parameter.name, value)

    path = click.Path(path_type=Path, dir_okay=False)
    folder = click.Path(path_type=Path, file_okay=False)
    for option in (
        click.option(
            "--verbose",
            is_flag=True,
            help="Log more, with tracebacks.",
            expose_value=False,
            callback=remember,
        ),
        click.option(
            "--data",
            type=folder,
            metavar="DIR",
            help="The data folder [default: data/].",
            expose_value=False,
            callback=remember,
        ),
        click.option(
            "--config",
            type=path,
            metavar="FILE",
            help="The settings [default: config.toml].",
            expose_value=False,
            callback=remember,
        ),
    ):
        command = option(command)
    return command


def json_option(command: Command) -> Command:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def mode_option(command: Command) -> Command:
    """`--mode` of a search."""
    return click.option(
        "--mode",
        type=click.Choice(["hybrid", "semantic", "exact"]),
        default="hybrid",
        show_default=True,
        help="By words and meaning, by meaning alone, or by words alone.",
    )(command)


def runs(task: Callable[..., Coroutine[Any, Any, None]]) -> None:
    """Run a command's task to its end; a failure becomes one line on stderr and exit code 1."""
    chosen = click.get_current_context().ensure_object(Globals)
    _prepare_process(verbose=chosen.verbose)
    from bot.errors import READABLE_ERRORS  # noqa: PLC0415

    try:
        asyncio.run(task(chosen.settings()))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except READABLE_ERRORS as error:
        _fail(str(error), chosen, error)
    except OSError as error:
        _fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", chosen, error)
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback who did not ask for one
        _fail(
            f"something unexpected went wrong ({error}). With --verbose you see where; please report it.",
            chosen,
            error,
        )


def _fail(words: str, chosen: Globals, error: Exception) -> None:
    if chosen.verbose:
        logging.getLogger(__name__).error("The failure:", exc_info=error)
    click.echo(f"papercord: {words}", err=True)
    sys.exit(1)


def _prepare_process(*, verbose: bool) -> None:
    # Before transformers is imported: no progress bars among our lines, no telemetry.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TQDM_DISABLE", "1")
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    logging.getLogger("pylatexenc").setLevel(
        logging.ERROR
    )  # it warns of every macro that an abstract breaks off
    for ours in ("bot", "corpus", "retrieval"):
        logging.getLogger(ours).setLevel(logging.DEBUG if verbose else logging.INFO)
