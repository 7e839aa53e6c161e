"""A paper's id as a number: what an index keeps where it has no room for text. Pure."""

from hashlib import blake2b

_BITS = 63  # a signed integer that is never negative: two of a million papers share one by a chance of 1 in 10 million


def key_of(text: str) -> int:
    """The number that stands for an id, or for any other text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> (64 - _BITS)
