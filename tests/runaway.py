"""A guard against work that grows faster than its input."""

import time
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def no_runaway(most: float = 10) -> Generator[None, None, None]:
    """Fails where what is done inside ran away: took more than `most` seconds of the processor.

    What is guarded takes less than one. What grows with the square of these inputs takes minutes, and what grows faster never
    ends; no busy machine is as slow.
    """
    begun = time.process_time()
    yield
    assert time.process_time() - begun < most
