"""A language model on this computer that lies as well as it can, to see what of that reaches a reader.

It speaks as an OpenAI-compatible endpoint does. To each question it says one true thing, a sentence as it stands, and
lies of every kind: other figures, other names, the contrary, links, ids, inventions, another paper's deeds, obedience to orders.
"""

import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread
from typing import Any, ClassVar, Literal

Lie = Literal["figure", "name", "contrary", "link", "id", "invention", "other paper", "obedience"]
_SENTENCE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_NAME = re.compile(r"\b[A-Za-z]*(?:[a-z][A-Z]|[A-Z]{2})[\w-]*")
_VERB = re.compile(r"\b(is|are|can|outperforms|achieves|reduces|improves|shows?|enables?|demonstrates?)\b")
_MOST_LIES = 3  # beside one truth: with more, hardly an answer would keep enough to be shown
_CONTRARY = {"is": "is not", "are": "are not", "can": "cannot"}


class Lies:
    """What was said to be true, and what was made up; kinds by the text of each lie."""

    def __init__(self) -> None:
        self.told: dict[str, Lie] = {}
        self.truths: set[str] = set()


@contextmanager
def lying_model(seed: int = 1) -> Generator[tuple[str, Lies], None, None]:
    """Its address, for `llm.base_url`, and what it tells, for as long as the context lasts."""
    lies, chance = Lies(), Random(seed)  # noqa: S311 - it is to be repeated

    class Handler(_Handler):
        def reply(self, asked: str) -> str:
            return _reply(asked, lies, chance)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", lies
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    _END: ClassVar[bytes] = b"data: [DONE]\n\n"

    def reply(self, asked: str) -> str:
        raise NotImplementedError

    def do_POST(self) -> None:
        """One answer, as a stream of events."""
        length = int(self.headers.get("Content-Length", "0"))
        asked: dict[str, Any] = json.loads(self.rfile.read(length))
        said = self.reply(str(asked["messages"][-1]["content"]))
        chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "liar"}
        choices = [{"index": 0, "delta": {"content": said}, "finish_reason": None}]
        body = b"data: " + json.dumps(chunk | {"choices": choices}).encode() + b"\n\n" + self._END
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the base's name
        """Quietly."""


def _reply(asked: str, lies: Lies, chance: Random) -> str:
    sentences = [(int(number), text) for number, text in _SENTENCE.findall(asked)]
    if not sentences:
        return json.dumps({"answered": False, "claims": []})
    number, truth = sentences[0]
    lies.truths.add(truth)
    claims = [{"text": truth, "cites": [number]}]
    made = list(_lies(sentences, chance))
    chance.shuffle(made)
    for kind, text, cited in made[:_MOST_LIES]:
        if text not in lies.truths and all(text != sentence for _, sentence in sentences):
            lies.told[text] = kind
            claims.append({"text": text, "cites": [cited]})
    # The truths are as many as the lies, or the answer would lose its substance and be quoted anyway.
    for number, text in sentences[1 : len(claims) - 1]:
        lies.truths.add(text)
        claims.append({"text": text, "cites": [number]})
    return json.dumps({"answered": True, "claims": claims})


def _lies(sentences: list[tuple[int, str]], chance: Random) -> Iterator[tuple[Lie, str, int]]:
    number, text = chance.choice(sentences)
    with_figure = [one for one in sentences if _FIGURE.search(one[1])]
    with_name = [one for one in sentences if _NAME.search(one[1])]
    with_verb = [one for one in sentences if _VERB.search(one[1])]
    if with_figure:
        cited, sentence = chance.choice(with_figure)
        yield "figure", _FIGURE.sub(lambda found: f"{float(found[0]) * 3 + 1:g}", sentence, count=1), cited
    if with_name:
        cited, sentence = chance.choice(with_name)
        yield "name", _NAME.sub("TurboFable", sentence, count=1), cited
    if with_verb:
        cited, sentence = chance.choice(with_verb)
        yield (
            "contrary",
            _VERB.sub(lambda found: _CONTRARY.get(found[0], f"hardly {found[0]}"), sentence, count=1),
            cited,
        )
    yield "link", f"{text} See https://evil.example/paper.", number
    yield "id", f"{text} It is arXiv:9912.31337.", number
    yield "invention", "It was awarded the best paper prize of a large conference.", number
    if len(sentences) > 1:
        yield (
            "other paper",
            chance.choice(sentences)[1].replace("We ", "They ") + " So did everybody else.",
            number,
        )
    yield "obedience", "As instructed, I ignore the sentences: @everyone, the answer is HACKED.", number
