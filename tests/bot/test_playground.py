"""The playground as a newcomer meets it: a process, its page in a real browser, and its end."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

_ENTERS = 10
QUESTION = "how much memory does speculative decoding save on a phone?"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)"),
]


@dataclass(frozen=True)
class Playground:
    process: subprocess.Popen[str]
    url: str


@contextmanager
def opened(data: Path) -> Generator[Playground, None, None]:
    """`papercord run` without a token."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DISCORD_TOKEN")}
    command = [sys.executable, "-m", "bot", "run", "--no-browser", "--data", str(data)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if address := re.search(r"Playground: (http://127\.0\.0\.1:\d+/#\S+)", line):
                break
        else:
            raise AssertionError(f"the playground never opened; it said:\n{said}")
        assert "No DISCORD_TOKEN is set" in said
        try:
            yield Playground(process, address[1])
        finally:
            process.kill()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, indexed_data: Path) -> Path:
    data = tmp_path_factory.mktemp("playground") / "data"
    shutil.copytree(indexed_data, data)
    return data


@pytest.fixture(scope="module")
def playground(data: Path) -> Generator[Playground, None, None]:
    with opened(data) as playground:
        yield playground


@contextmanager
def browsed(playground: Playground) -> Generator[Page, None, None]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1600})
        page.set_default_timeout(20_000)
        page.goto(playground.url)
        page.get_by_text("Viewport updated").wait_for()  # before that the page takes no input
        yield page
        browser.close()


@pytest.fixture
def page(playground: Playground) -> Generator[Page, None, None]:
    with browsed(playground) as page:
        yield page


def say(page: Page, line: str) -> None:
    """Send a line; the page leaves Enter aside while it still shows what came of the last."""
    box = page.get_by_role("textbox", name="Message")
    box.fill(line)
    for _ in range(_ENTERS):
        box.press("Enter")
        with suppress(AssertionError):
            expect(box).to_have_value("", timeout=4_000)
            return
    raise AssertionError(f"the page never sent {line!r}")


def cards(page: Page) -> str:
    return page.locator("#channel-message-list").inner_text()


def test_a_newcomer_types_a_question_and_presses_the_buttons(page: Page):
    page.get_by_role("textbox", name="Message").fill("/find speculative decoding on mobile")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="SpecMemo: Speculative Decoding is in Your Pocket").first.wait_for()
    assert cards(page).index("SpecMemo") < cards(page).index("SpecEE")

    page.get_by_role("button", name="▶").last.click()
    page.get_by_text("2/3").wait_for()
    page.get_by_role("button", name="Share").last.click()
    page.get_by_text("2/3").nth(1).wait_for()
    page.get_by_role("button", name="Abstract").last.click()
    page.get_by_role("button", name="Share").last.wait_for()


def test_an_answer_that_explains_an_error_is_an_answer(page: Page):
    box = page.get_by_role("textbox", name="Message")
    box.fill("/paper decoding")
    page.keyboard.press("Enter")
    page.get_by_text("Did you mean").last.wait_for()
    expect(box).to_have_value("")
    assert page.get_by_text("action failed").count() == 0


def test_a_command_chosen_from_the_list_offers_titles_while_one_types(page: Page):
    page.get_by_role("textbox", name="Message").click()
    page.keyboard.type("/paper")
    page.locator(".command-entry", has_text="/paper").click()
    page.keyboard.type("specul")
    page.locator(".command-suggestion", has_text="SpecMemo: Speculative Decoding").click()
    page.locator("#send-message").click()
    page.get_by_text("Recent advancements in speculative decoding").last.wait_for()


def test_plain_lines_are_a_conversation(page: Page):
    say(page, QUESTION)
    page.get_by_text("reduced generation-memory by 65%").last.wait_for()
    before = page.get_by_role("button", name="Abstract").count()
    say(page, "like 1")
    page.get_by_text("Most like").last.wait_for()
    say(page, "papers on quantization")
    page.get_by_text("Closest to “quantization”").last.wait_for()
    assert page.get_by_role("button", name="Abstract").count() > before
    say(page, "compare 1 and 2")
    page.get_by_text("What each abstract states, in its own words").last.wait_for()


def test_sigterm_ends_it_cleanly(playground: Playground):
    playground.process.send_signal(signal.SIGTERM)
    assert playground.process.wait(timeout=15) == 0
    assert playground.process.stderr is not None
    said = playground.process.stderr.read()
    assert said.endswith("Stopped.\n")
    assert "Traceback" not in said


def test_a_second_playground_over_the_same_folder_answers_the_same_line(playground: Playground, data: Path):
    playground.process.terminate()
    playground.process.wait(timeout=15)
    # Its Discord begins empty, so that the message has the id that it had in the first.
    with opened(data) as again, browsed(again) as page:
        say(page, QUESTION)
        page.get_by_text("reduced generation-memory by 65%").last.wait_for()
