"""Settings come from the file, then the environment, then the command line; mistakes are named."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from bot.config import Settings, discord_token, flat, load_settings
from bot.errors import ConfigurationError

CONFIG = Path(__file__).parents[2] / "config.toml"
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE." + "x" * 38  # the shape of one, of nobody


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISCORD_TOKEN", "DISCORD_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)


def write(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return file


def test_the_shipped_file_holds_every_setting_at_its_default():
    shipped = flat(tomllib.loads(CONFIG.read_text("utf-8")))
    assert shipped == flat(Settings.model_construct().model_dump(mode="json"))


def test_every_setting_of_the_shipped_file_is_explained():
    lines = CONFIG.read_text("utf-8").splitlines()
    for before, line in pairwise(lines):
        if "=" in line and not line.startswith(("#", "[")):
            key = line.split(" =")[0]
            assert before.startswith("#") or key == "gateway", f"{key} has no comment above it"


def test_the_environment_overrides_the_file_and_the_command_line_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = write(tmp_path, 'data = "from-file"\n[retrieval]\nresults = 7\nmin_evidence = 0.5\n')
    monkeypatch.setenv("PAPERCORD_RETRIEVAL__RESULTS", "9")
    monkeypatch.setenv("PAPERCORD_DATA", "from-environment")
    settings = load_settings(file)
    assert (settings.retrieval.results, settings.retrieval.min_evidence) == (9, 0.5)
    assert settings.data == Path("from-environment")
    assert load_settings(file, data=Path("from-line")).data == Path("from-line")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "[retrieval]\nencodres = ['x']\n",
            r"config.toml: retrieval\.encodres is no setting; did you mean retrieval\.encoders\?",
        ),
        ("[retrievel]\nresults = 9\n", r"config.toml: retrievel.* is no setting; did you mean retrieval"),
        (
            "[retrieval]\nencoders = ['one']\n",
            r"config.toml: retrieval: retrieval\.encoders names 1 models and retrieval\.encoder_weights has 2 numbers",
        ),
        (
            "[retrieval]\nencoders = ['one', 'one']\n",
            r"retrieval\.encoders names a model twice; name each once",
        ),
        ("[retrieval]\nencoders = []\n", r"retrieval\.encoders is \[\]: .*at least 1 item"),
        (
            "[retrieval]\nencoder_weights = [0.5, 0]\n",
            r"config.toml: retrieval\.encoder_weights\[1\] is 0: .*greater than 0",
        ),
        (
            "[retrieval]\nresults = 500\n",
            r"config.toml: retrieval\.results is 500: .*less than or equal to 50",
        ),
        ("[retrieval]\nresults = 'many'\n", r"retrieval\.results is 'many': .*valid integer"),
        ("[discord]\napi_base = 'nonsense'\n", r"discord\.api_base is 'nonsense'"),
        ("[retrieval\n", r"config.toml is not valid TOML: .*line 1"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_what_is_allowed(tmp_path: Path, text: str, words: str):
    with pytest.raises(ConfigurationError, match=words):
        load_settings(write(tmp_path, text))


def test_a_mistake_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PAPERCORD_RETRIEVAL__RESULT", "9")
    with pytest.raises(
        ConfigurationError,
        match=r"RETRIEVAL__RESULT is no setting; did you mean PAPERCORD_RETRIEVAL__RESULTS",
    ):
        load_settings(None)
    monkeypatch.delenv("PAPERCORD_RETRIEVAL__RESULT")
    monkeypatch.setenv("PAPERCORD_RETRIEVAL__RESULTS", "none")
    with pytest.raises(
        ConfigurationError, match=r"environment variable PAPERCORD_RETRIEVAL__RESULTS is 'none'"
    ):
        load_settings(None)


@pytest.mark.parametrize(
    "text",
    [
        f'[discord]\ntoken = "{TOKEN}"\n',
        '[discord]\ntoken = "short"\n',
        f'[storage]\ndatabase_url = "{TOKEN}"\n',
        f'anything = "{TOKEN}"\n',
        f"# token: {TOKEN}\n",
        '[llm]\napi_key = "sk-1"\n',
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str):
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN in the environment") as refused:
        load_settings(write(tmp_path, text))
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize("address", ["me:hunter2@host/papers", "host/papers?user=me&password=hunter2"])
def test_a_database_password_in_the_file_is_refused(tmp_path: Path, address: str):
    with pytest.raises(ConfigurationError, match="PAPERCORD_STORAGE__DATABASE_URL in the environment"):
        load_settings(write(tmp_path, f'[storage]\ndatabase_url = "postgresql+asyncpg://{address}"\n'))


def test_the_token_comes_from_the_environment_or_the_file_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert discord_token() is None
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "token"))
    assert discord_token() == TOKEN
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "missing"))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        discord_token()
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert discord_token() == TOKEN


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="does not exist"):
        load_settings(tmp_path / "nowhere.toml")


def test_a_list_in_the_environment_that_is_no_json_is_explained(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PAPERCORD_CORPUS__SOURCES", "hugging-face-daily")
    with pytest.raises(
        ConfigurationError, match=r"PAPERCORD_CORPUS__SOURCES to what is no JSON; a list looks like"
    ):
        load_settings(None)


def test_a_source_is_one_however_it_is_spaced(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PAPERCORD_CORPUS__SOURCES", '["arxiv-new: cs.CL "]')
    assert load_settings(None).corpus.sources == ("arxiv-new:cs.CL",)
    monkeypatch.setenv("PAPERCORD_CORPUS__SOURCES", '["arxiv-new: cs.CL", "arxiv-new:cs.CL"]')
    with pytest.raises(ConfigurationError, match="stands there twice"):
        load_settings(None)
