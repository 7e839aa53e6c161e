"""`import` and `sync` as processes: what comes in, what is refused, and what is said of both."""

import gzip
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from .test_cli import ROOT, answer, papercord, refusal

pytestmark = pytest.mark.slow


def test_a_dry_run_shows_what_would_change_and_changes_nothing(tmp_path: Path):
    page = ROOT / "corpus" / "data" / "daily-papers-page.txt"
    assert answer("import", page, "--dry-run", data=tmp_path)["new"] == 52
    assert answer("status", data=tmp_path)["papers"] == 0
    answer("import", page, data=tmp_path)
    again = answer("import", page, "--dry-run", data=tmp_path)
    assert (again["new"], again["unchanged"]) == (0, 52)


def test_files_of_several_kinds_are_imported_together_and_each_is_told_apart(tmp_path: Path):
    lines = tmp_path / "papers.jsonl.gz"
    rows = [{"id": f"2501.0000{number}v2", "title": f"On {number} Bees"} for number in (1, 2)]
    lines.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    days = tmp_path / "days.json"
    paper = {"id": "2501.00001", "title": "On 1 Bees", "upvotes": 7, "publishedAt": "2025-01-01T00:00:00Z"}
    days.write_text(json.dumps([{"paper": paper, "numComments": 0}, "not a record"]), "utf-8")
    report = answer("import", lines, days, data=tmp_path / "data")
    assert (report["read"], report["new"], report["updated"]) == (4, 2, 1)
    [rejected] = report["rejected"]
    assert rejected["where"] == "days.json record 2"


def test_a_format_that_there_is_none_of_is_refused_with_those_that_there_are(tmp_path: Path):
    page = ROOT / "corpus" / "data" / "daily-papers-page.txt"
    said = refusal("import", page, "--format", "json", data=tmp_path)
    assert "hugging-face" in said
    assert "jsonl" in said


class Days(BaseHTTPRequestHandler):
    """Hugging Face's days: one paper on each, and nothing but failure from a day on."""

    asked: ClassVar[list[str]] = []
    fails_from = "9999"

    def do_GET(self) -> None:
        day = parse_qs(urlsplit(self.path).query)["date"][0]
        self.asked.append(day)
        paper = {
            "id": f"26{day[5:7]}.000{day[8:]}",
            "title": f"On the bees of {day}",
            "publishedAt": f"{day}T00:00:00Z",
        }
        body = json.dumps([{"paper": paper}]).encode()
        self.send_response(404 if day >= self.fails_from else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing."""


@pytest.fixture
def days() -> Iterator[tuple[type[Days], dict[str, str]]]:
    """The days, and the environment in which they are asked in place of Hugging Face."""

    class These(Days):
        asked: ClassVar[list[str]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), These)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    mirrors = json.dumps({"huggingface.co": f"http://127.0.0.1:{server.server_port}"})
    yield These, {"PAPERCORD_NETWORK__MIRRORS": mirrors}
    server.shutdown()
    server.server_close()


def test_a_sync_takes_in_what_is_new_and_stops_where_a_source_fails(
    tmp_path: Path, days: tuple[type[Days], dict[str, str]]
):
    served, environment = days
    today = datetime.now(UTC).date()
    since = (today - timedelta(days=4)).isoformat()
    served.fails_from = (today - timedelta(days=1)).isoformat()
    done = papercord("sync", "--since", since, "--json", data=tmp_path, **environment)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()[-1:]) == 1
    assert "hugging-face-daily" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout)["hugging-face-daily"]
    assert (told["new"], told["rejected"]) == (3, [])
    assert told["failure"]
    state = answer("status", data=tmp_path)
    assert state["sync"]["hugging-face-daily"]["failure"] == told["failure"]
    served.fails_from = "9999"
    again = json.loads(papercord("sync", "--json", data=tmp_path, **environment).stdout)["hugging-face-daily"]
    assert (again["new"], "failure" in again) == (2, False)
    state = answer("status", data=tmp_path)
    assert (state["papers"], state["waiting"]) == (5, 5)
    assert state["sync"]["hugging-face-daily"]["watermark"] == (today - timedelta(days=2)).isoformat()
    assert state["days"] == {today.isoformat(): {"hugging-face": 5}}


def test_a_source_that_there_is_none_of_is_refused_before_anything_is_asked(tmp_path: Path):
    said = refusal("sync", "--source", "hugging-face-dayly", data=tmp_path)
    assert "did you mean hugging-face-daily" in said
