"""How Discord says no: an HTTP status, a code of its own, and words."""

from enum import Enum


class No(Enum):
    """Discord's refusals, by their names there."""

    UNAUTHORIZED = 401, 0, "401: Unauthorized"
    NO_ROUTE = 404, 0, "404: Not Found"
    UNKNOWN_CHANNEL = 404, 10003, "Unknown Channel"
    UNKNOWN_GUILD = 404, 10004, "Unknown Guild"
    UNKNOWN_MESSAGE = 404, 10008, "Unknown Message"
    UNKNOWN_USER = 404, 10013, "Unknown User"
    UNKNOWN_WEBHOOK = 404, 10015, "Unknown Webhook"
    UNKNOWN_INTERACTION = 404, 10062, "Unknown interaction"
    UNKNOWN_TAG = 400, 10087, "Unknown tag"
    ALREADY_ACKNOWLEDGED = 400, 40060, "Interaction has already been acknowledged."
    TAG_REQUIRED = 400, 40067, "A tag is required to create a forum post in this channel"
    MISSING_ACCESS = 403, 50001, "Missing Access"
    NOT_THE_AUTHOR = 403, 50005, "Cannot edit a message authored by another user"
    EMPTY_MESSAGE = 400, 50006, "Cannot send an empty message"
    NO_PRIVATE_MESSAGES = 403, 50007, "Cannot send messages to this user"
    NOT_A_TEXT_CHANNEL = 400, 50008, "Cannot send messages in a non-text channel"
    MISSING_PERMISSIONS = 403, 50013, "Missing Permissions"
    INVALID_FORM = 400, 50035, "Invalid Form Body"
    INVALID_RECIPIENT = 400, 50033, "Invalid Recipient(s)"
    THREAD_IS_ARCHIVED = 400, 50083, "Thread is archived"
    REPLY_WITHOUT_HISTORY = 400, 160002, "Cannot reply without permission to read message history"
    THREAD_EXISTS = 400, 160004, "A thread has already been created for this message"

    def __init__(self, status: int, code: int, words: str) -> None:
        self.status = status
        self.code = code
        self.words = words


class Refusal(Exception):  # noqa: N818 - what Discord does, not a mistake of ours
    """Raised by a route, and answered by the recorder."""

    def __init__(self, no: No) -> None:
        super().__init__(no.words)
        self.no = no
