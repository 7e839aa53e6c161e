"""Who lives in the loopback Discord, and where: to begin with a bot, a person, and a guild with one channel."""

from .channels import Channel, DirectChannel, GuildChannel
from .clock import Clock
from .events import Announce, Event
from .guilds import Guild
from .people import People, Person

APPLICATION_ID = "1100000000000000001"
BOT_ID = APPLICATION_ID  # Discord gives an application and its bot the same id
HUMAN_ID = "1100000000000000002"
GUILD_ID = "1100000000000000003"
CHANNEL_ID = "1100000000000000004"
DM_CHANNEL_ID = "1100000000000000005"

TOKEN = "loopback-token"  # noqa: S105 - opens nothing but this server


class World:
    """Everything there is but messages. Made by the test, and changed by it while the bot runs.

    `bot` is the bot's account. `owner`, Mira, owns the application and `guild`, so that nothing is closed to
    her; `channel` is the one of the guild.
    """

    def __init__(self) -> None:
        self.clock = Clock()
        self.people = People(self.clock)
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self._listeners: list[Announce] = []
        self._direct: dict[str, DirectChannel] = {}
        self.bot = self.people.add("papercord", person_id=BOT_ID, is_bot=True)
        self.owner = self.people.add("mira", person_id=HUMAN_ID)
        self._open(DM_CHANNEL_ID, self.owner)
        self.guild = self.add_guild("Reading group", guild_id=GUILD_ID)
        self.channel: GuildChannel = self.guild.add_text_channel("papers", channel_id=CHANNEL_ID)

    def add_person(self, name: str) -> Person:
        """Somebody new, who is in no guild until they do something there."""
        return self.people.add(name)

    def add_guild(self, name: str, owner: Person | None = None, *, guild_id: str | None = None) -> Guild:
        """A guild with the bot in it and no channel yet; Mira's, unless another owner is named."""
        guild = Guild(
            guild_id or self.clock.snowflake(),
            name,
            owner or self.owner,
            self.bot,
            clock=self.clock,
            announce=self.announce,
            everywhere=self.channels,
        )
        self.guilds[guild.id] = guild
        self.announce(Event("GUILD_CREATE", guild.payload(), guild.id))
        return guild

    def direct(self, person: Person) -> DirectChannel:
        """What a person and the bot write to each other."""
        return self._direct.get(person.id) or self._open(self.clock.snowflake(), person)

    def guilds_of_bot(self) -> list[Guild]:
        return [guild for guild in self.guilds.values() if guild.has_bot]

    def listen(self, listener: Announce) -> None:
        """From now on, tell it of every event."""
        self._listeners.append(listener)

    def announce(self, event: Event) -> None:
        """Tell whoever listens what has happened; of a guild without the bot, only that it is gone."""
        guild = self.guilds.get(event.guild_id or "")
        if guild and not guild.has_bot and event.name != "GUILD_DELETE":
            return
        for listener in self._listeners:
            listener(event)

    def _open(self, channel_id: str, person: Person) -> DirectChannel:
        channel = DirectChannel(channel_id, person)
        self._direct[person.id] = self.channels[channel.id] = channel
        return channel
