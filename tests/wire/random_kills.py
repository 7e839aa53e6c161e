"""Random lives of a bot with feeds: papers come, it is killed, answers are lost; at the end each paper stands once.

`make kills RUNS=2000` lives thousands of them.
"""

import asyncio
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .faults import breaks, drops
from .feeding import DAILY, Feeding, feeding, prepare
from .forking import Nursery
from .staged_bot import CRASH_POINTS

_AT_ONCE = 2
_DAY = 86_400
_ACCOUNT = """
SELECT deliveries.feed, slot, part, state, tries, made, claimed, message, reason, group_concat(paper_id)
FROM deliveries LEFT JOIN posted_papers ON delivery = deliveries.id GROUP BY deliveries.id ORDER BY made
"""


@dataclass
class Account:
    """What came of all lives: how often the bot was killed, and papers that were lost or doubled, by life."""

    lives: int = 0
    kills: int = 0
    at_points: int = 0
    posts: int = 0
    lost: Counter[int] = field(default_factory=Counter[int])
    doubled: Counter[int] = field(default_factory=Counter[int])
    failures: dict[int, str] = field(default_factory=dict[int, str])
    wrong: dict[int, str] = field(default_factory=dict[int, str])
    """What the outbox says of the lives in which papers were lost or doubled."""

    def __str__(self) -> str:
        return (
            f"{self.lives} lives, {self.kills} kill -9 ({self.at_points} of them at a crash point), {self.posts} posts of "
            f"papers: {self.lost.total()} lost, {self.doubled.total()} doubled, {len(self.failures)} lives unfinished"
        )


async def live(stage: Feeding, seed: int, account: Account) -> None:
    """One life: three channels of different kinds, and one to three kills at random moments."""
    chance = random.Random(seed)  # noqa: S311 - it is to be repeated
    server, guild = stage.server, stage.server.world.guild
    forum = guild.add_forum("forum", ["agents"])
    digest = guild.add_text_channel("digest")
    # As many as there can be: one digest of all is what comes of a feed that was killed before it posted anything.
    await stage.feed(server.world.channel, max_items=50)
    await stage.feed(forum, style="forum", max_items=50)
    await stage.feed(digest, style="digest", schedule=DAILY, max_items=50)
    server.nonce_memory = chance.choice([300.0, 0.0])
    troubles = [drops(done=True), drops(), breaks(503), breaks(502), breaks(500, done=True)]
    stage.staging.step(_DAY)  # the digest is due
    for _ in range(chance.randint(1, 3)):
        await stage.arrive(chance.randint(1, 4))
        if chance.random() < 0.4:
            server.faults.add(
                chance.choice(troubles), "POST", "/channels/*", times=1, after=chance.randint(0, 3)
            )
        if is_point := chance.random() < 0.6:
            stage.staging.crash(chance.choice(sorted(CRASH_POINTS)), chance.randint(1, 3))
        await stage.start()
        if is_point:
            account.at_points += await stage.died()
        else:
            await asyncio.sleep(chance.random() * 0.8)
        if stage.bot:
            account.kills += 1
            await stage.bot.kill()
        stage.staging.step(chance.choice([0, 2, 6, 6]))  # how long it is down
    stage.staging.disarm()
    server.faults.lift()
    await stage.start()
    stage.staging.step(_DAY)  # the next digest, and whatever was put off
    await stage.finish()
    for channel in (server.world.channel, forum, digest):
        posted = stage.posted(channel)
        account.posts += posted.total()
        account.lost[seed] += len(set(stage.papers) - posted.keys())
        account.doubled[seed] += sum(count - 1 for count in posted.values())
    if account.lost[seed] or account.doubled[seed]:
        rows = stage.rows(_ACCOUNT)
        account.wrong[seed] = (
            "\n".join(map(str, [sorted(stage.papers), *rows])) + f"\n{stage.bot and stage.bot.output}"
        )
    await stage.stop()


async def lives(seeds: range, folder: Path) -> Account:
    """Many lives, some at once."""
    account, at_once = Account(), asyncio.Semaphore(_AT_ONCE)
    async with Nursery() as nursery:
        prepared = await prepare(nursery, folder / "prepared")

        async def one(seed: int) -> None:
            async with at_once:
                try:
                    async with feeding(nursery, prepared, folder / str(seed)) as stage:
                        await live(stage, seed, account)
                except (AssertionError, TimeoutError) as failure:
                    account.failures[seed] = "\n".join([str(failure), *getattr(failure, "__notes__", [])])
                account.lives += 1

        async with asyncio.TaskGroup() as group:
            for seed in seeds:
                group.create_task(one(seed))
    return account


def main() -> None:
    """`python -m tests.wire.random_kills RUNS [SEED]`."""
    runs, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as folder:
        account = asyncio.run(lives(range(first, first + runs), Path(folder)))
    for seed, words in account.failures.items():
        sys.stdout.write(f"life {seed}: {words}\n")
    for seed, words in account.wrong.items():
        lost, doubled = account.lost[seed], account.doubled[seed]
        sys.stdout.write(f"life {seed}: {lost} lost, {doubled} doubled\n{words}\n")
    sys.stdout.write(f"{account}\n")
    sys.exit(bool(account.failures or +account.lost or +account.doubled))


if __name__ == "__main__":
    main()
