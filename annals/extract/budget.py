"""Time asked for by a reader at work: recognising a page is slow, and a fence should not mistake it for a hang."""

from collections.abc import Callable


def _unfenced(seconds: float) -> None:
    """Outside a fence nobody keeps time."""


_keeper: Callable[[float], None] = _unfenced


def grant(seconds: float) -> None:
    """Say that the next step may take so long; the clock starts anew. The number of steps is the caller's to cap."""
    _keeper(seconds)


def keep(keeper: Callable[[float], None]) -> None:
    """Be told of every grant: what a worker of the fence does."""
    global _keeper
    _keeper = keeper
