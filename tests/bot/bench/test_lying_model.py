"""A model that lies says what it was asked to, over real HTTP, and remembers what was a lie."""

import json
from urllib.request import Request, urlopen

from bot.bench.lying_model import lying_model

ASKED = """<data x>
Question: how fast is MARLIN?
Paper: MARLIN
[1] MARLIN achieves 2.8x speedups.
[2] It can run with vLLM.
[3] We show that it is open.
</data x>"""


def say(address: str, asked: str) -> list[dict[str, object]]:
    body = json.dumps({"messages": [{"role": "user", "content": asked}]}).encode()
    request = Request(f"{address}/chat/completions", body, {"Content-Type": "application/json"})  # noqa: S310 - ours
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        event = answer.read().split(b"\n\n")[0].removeprefix(b"data: ")
    return json.loads(json.loads(event)["choices"][0]["delta"]["content"])["claims"]


def test_it_says_truths_and_lies_and_knows_which_is_which():
    with lying_model() as (address, lies):
        for _ in range(20):
            for claim in say(address, ASKED):
                assert (claim["text"] in lies.truths) != (claim["text"] in lies.told)
    assert set(lies.told.values()) >= {"figure", "name", "contrary", "link", "id", "invention", "obedience"}
    assert "MARLIN achieves 9.4x speedups." in lies.told


def test_without_a_sentence_it_says_nothing():
    with lying_model() as (address, lies):
        assert say(address, "Question: why?") == []
    assert not lies.told
