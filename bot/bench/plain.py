"""The plain pipeline, as a process: `python -m bot.bench.plain questions THREADS | papers`, texts as JSON on stdin.

all-MiniLM-L6-v2 through sentence-transformers as that library does it unless told otherwise, and a Chroma collection
of the same papers' vectors by the same model.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bot.config import Settings, load_settings
from bot.wiring import open_parts
from retrieval import vectors
from retrieval.model_files import PACKAGED_MINILM, find_model
from retrieval.representation import Matrix
from retrieval.sentence_transformer import load_sentence_transformer
from retrieval.vectors import ChromaIndex

_DEPTH = 15
_CHUNK = 2000
_MADE_WITH = "plain"


def main(arguments: Sequence[str]) -> None:
    """Print {"per_second": …} of what the arguments name."""
    what, *rest = arguments
    texts: list[str] = json.load(sys.stdin)
    if what == "papers":
        rate = papers_a_second(texts)
    else:
        rate = questions_a_second(_index(load_settings(None)), texts, threads=int(rest[0]))
    print(json.dumps({"per_second": rate}))  # noqa: T201 - the parent reads it


def questions_a_second(index: ChromaIndex, questions: Sequence[str], *, threads: int) -> float:
    """How many are answered, by so many threads with a model each: a tokenizer is not for two threads at once."""
    own = threading.local()

    def answer(question: str) -> list[str]:
        if not hasattr(own, "model"):
            own.model = _model()
        return index.nearest(_row(own.model, question), _DEPTH)[0]

    loaded = threading.Barrier(threads)

    def warm(_thread: int) -> None:
        answer("a question before the first that counts")
        loaded.wait()  # so that every thread loads its model before any is asked

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(warm, range(threads)))
        started = time.perf_counter()
        list(pool.map(answer, questions))
        return len(questions) / (time.perf_counter() - started)


def papers_a_second(texts: Sequence[str]) -> float:
    """How many are encoded, with the library's own batches and threads."""
    model = _model()
    _encode(model, texts[:8])
    started = time.perf_counter()
    _encode(model, list(texts))
    return len(texts) / (time.perf_counter() - started)


def _model() -> Any:
    return load_sentence_transformer(find_model(PACKAGED_MINILM))


def _row(model: Any, question: str) -> Matrix:
    return np.asarray(_encode(model, question), dtype=np.float32)[np.newaxis]


def _encode(model: Any, texts: str | Sequence[str]) -> Any:
    return model.encode(texts)  # everything else as the library has it


def _index(settings: Settings) -> ChromaIndex:
    """The collection, made at the first time."""
    folder = Path(settings.data) / "yardsticks" / "chroma"
    folder.mkdir(parents=True, exist_ok=True)
    index = vectors.open_whole(folder, made_with=_MADE_WITH)
    return index or asyncio.run(_filled(settings, folder))


async def _filled(settings: Settings, folder: Path) -> ChromaIndex:
    async with open_parts(settings) as parts:
        place = parts.settings.retrieval.encoders.index(PACKAGED_MINILM)
        stored = parts.vectors.only([parts.models[place].key])
        encoded = await stored.complete()
        held = {key: content for key, content in (await parts.store.contents()).items() if content in encoded}
        index = vectors.begin(folder, made_with=_MADE_WITH)
        ids = list(held)
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            hashes = [held[paper_id] for paper_id in chunk]
            [rows] = await stored.wholes(hashes)
            index.put(chunk, hashes, rows)
        index.seal()
    return index


if __name__ == "__main__":
    main(sys.argv[1:])
