"""Papercord with a clock, a source and a death that a test chooses."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from .loopback import LoopbackDiscord
from .papers import paper, put_papers
from .process import running_bot
from .rules import nested
from .sources import Sources, record
from .staging import Staging

pytestmark = [pytest.mark.wire, pytest.mark.model]


async def test_it_asks_for_the_days_of_its_own_clock_and_finds_what_came_before_it_died(
    tmp_path: Path, indexed_data: Path
):
    data = tmp_path / "data"
    shutil.copytree(indexed_data, data)
    staging = Staging(tmp_path)
    command = staging.command("run", "--data", str(data))
    async with (
        Sources() as sources,
        LoopbackDiscord() as server,
        running_bot(server, *command, env=sources.env | staging.env) as bot,
    ):
        await bot.ready()
        staging.step(timedelta(days=30).total_seconds())
        today = staging.now().date()
        summary = "We count fireflies."
        sources.publish(today, record("2611.00001", "Counting Fireflies", summary, published=today))
        staging.crash("after papers came")
        await server.slash("corpus sync")
        assert await bot.exit_code() == -9
        assert not staging.is_armed
        assert max(sources.asked, default="") <= today.isoformat()

        await put_papers(data, [paper(2, "Counting Glowworms")])
        await bot.start()
        await bot.ready()
        await (await server.slash("corpus sync")).message()
        assert sources.asked[-1] == today.isoformat()
        for title in ("Counting Fireflies", "Counting Glowworms"):
            card = await (await server.slash("paper", {"paper": title})).message()
            shown = "".join(str(part.get("content", "")) for part in nested(card["components"]))
            assert f"[{title}]" in shown
    assert server.violations == []
    assert server.answer_violations == []
