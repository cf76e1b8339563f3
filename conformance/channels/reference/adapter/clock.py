"""The channel's clock, as the suite may set it."""

from collections.abc import Callable


class Clock:
    """Real time plus an offset. A real time that stands still makes a clock that moves only when told to."""

    def __init__(self, real_ms: Callable[[], int]) -> None:
        self._real_ms = real_ms
        self._offset_ms = 0

    def __call__(self) -> int:
        return self._real_ms() + self._offset_ms

    def set(self, now_ms: int) -> None:
        """From now on it is ``now_ms``."""
        self._offset_ms = now_ms - self._real_ms()
