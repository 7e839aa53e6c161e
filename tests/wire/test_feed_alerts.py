"""Readers' alerts over the wire, and whom posts mention: a closed inbox pauses, a chosen role is pinged, and nobody else."""

import json

import pytest

from .faults import refuses
from .feeding import DAILY, Feeding, words_of
from .people import Person
from .refusals import No
from .request import Request

pytest_plugins = ["tests.wire.feed_stages"]
pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="session")]
_HOUR, _DAY = 3_600, 86_400
TOLD = "paused"


async def told_at_a_command(stage: Feeding, person: Person) -> list[str]:
    """What a person hears beside the answer to a command."""
    asked = await stage.server.slash("about", by=person)
    await asked.message()
    await stage.settle()
    return [
        words_of(message)
        for its in asked.followups
        if (message := stage.server.messages.get(its)) is not None
    ]


async def test_an_inbox_that_is_closed_pauses_alerts_and_its_reader_hears_of_it_once_and_resumes(
    stage: Feeding,
):
    world = stage.server.world
    reader = world.add_person("ada")
    direct = world.direct(reader)
    inbox = f"/channels/{direct.id}/messages"
    alert = await stage.alert(reader)
    other = await stage.alert(reader, style="digest", schedule=DAILY)
    await stage.feed(world.channel)
    await stage.start()
    reader.takes_messages = False
    first = await stage.arrive(1)
    await stage.settle()
    assert all("You take no direct messages" in stage.why(one) for one in (alert, other))
    missed = await stage.arrive(2)
    for _ in range(2):
        stage.step(2 * _HOUR)
        await stage.settle()
    assert len(stage.server.sent("POST", inbox)) == 1, "who takes no messages is not asked again and again"
    assert stage.posted(world.channel) == dict.fromkeys(first + missed, 1)

    [words] = await told_at_a_command(stage, reader)
    assert "2 alerts of yours are paused" in words
    assert await told_at_a_command(stage, reader) == []
    assert await told_at_a_command(stage, world.owner) == []

    await (await stage.server.slash("alert resume", {"alert": str(alert.number)}, by=reader)).message()
    await stage.settle()
    assert "You take no direct messages" in stage.why(alert), "it was tried, and is closed still"
    assert len(stage.server.sent("POST", inbox)) == 2
    assert len(await told_at_a_command(stage, reader)) == 1

    reader.takes_messages = True
    await (await stage.server.slash("alert resume", {"alert": str(alert.number)}, by=reader)).message()
    await stage.settle()
    assert stage.why(alert) == ""
    assert "You take no direct messages" in stage.why(other), "each goes on when its reader says so"
    assert stage.posted(direct) == dict.fromkeys(first + missed, 1)
    assert await told_at_a_command(stage, reader) == []
    await stage.stop()
    await stage.start()
    new = await stage.arrive(1)
    await stage.settle()
    assert stage.posted(direct) == dict.fromkeys(first + missed + new, 1)


async def test_alerts_of_somebody_who_is_gone_are_paused_after_one_try_fault_5(stage: Feeding):
    world = stage.server.world
    reader = world.add_person("ada")
    alert = await stage.alert(reader)
    await stage.feed(world.channel)
    fault = stage.server.faults.add(refuses(No.UNKNOWN_USER), "POST", "/users/@me/channels")
    await stage.start()
    for _ in range(3):
        await stage.arrive(2)
        stage.step(_HOUR)
        await stage.settle()
    assert len(fault.hits) == 1
    assert "not there any more" in stage.why(alert)
    assert stage.posted(world.channel) == dict.fromkeys(stage.papers, 1)


async def test_a_chosen_role_is_mentioned_once_a_time_and_nobody_else_is(stage: Feeding):
    world = stage.server.world
    role = world.guild.add_role("readers")
    forum, digest = world.guild.add_forum("forum"), world.guild.add_text_channel("digest")
    quiet = world.guild.add_text_channel("quiet")
    for channel, settings in (
        (world.channel, {"style": "cards"}),
        (forum, {"style": "forum"}),
        (digest, {"style": "digest", "schedule": DAILY, "max_items": 50}),
    ):
        await stage.feed(channel, mention_role=int(role.id), **settings)
    await stage.feed(quiet)
    await stage.start()
    abstract = f"@everyone @here {role.mention} {world.owner.mention} write to us."
    await stage.arrive(30, abstract=abstract)
    await stage.settle(within=60)
    stage.step(_DAY)
    await stage.settle()
    for channel, posts in ((world.channel, 30), (forum, 30), (digest, 2), (quiet, 30)):
        assert len(stage.said(channel)) == posts
        mentions = [mentioned(request) for request in bodies(stage, channel.id)]
        named = {"parse": [], "roles": [role.id]}
        assert mentions[:1] == [{"parse": []} if channel is quiet else named]
        assert mentions[1:] == [{"parse": []}] * (posts - 1)
    shown = [words_of(message).startswith(role.mention) for message in stage.server.posted(digest)]
    assert shown == [True, False]


def bodies(stage: Feeding, channel_id: str) -> list[Request]:
    """What was posted in a channel or forum."""
    return [
        request
        for request in stage.server.requests
        if request.method == "POST" and request.path.startswith(f"/channels/{channel_id}/")
    ]


def mentioned(request: Request) -> dict[str, object]:
    """Whom a post may mention; ids are strings to Discord."""
    body = request.body.get("message", request.body)
    allowed: dict[str, object] = json.loads(json.dumps(body["allowed_mentions"]))
    roles = allowed.get("roles")
    return allowed | ({"roles": [str(role) for role in roles]} if isinstance(roles, list) else {})
