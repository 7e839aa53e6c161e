"""A guard against work that grows faster than its input."""

import time
from collections.abc import Generator
from contextlib import contextmanager

# Seconds of the processor. What is guarded takes a fraction of one, on a busy machine a few; what grows with the square of
# these inputs takes minutes, and what grows faster never ends.
_MOST = 30


@contextmanager
def no_runaway() -> Generator[None, None, None]:
    """Fails where what is done inside ran away."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < _MOST
