"""The disk under a store: what was committed is made durable apart from the commit, and beside other work.

SQLite writes a commit to the write-ahead log and, told ``synchronous=NORMAL``, leaves it to us when the log must be on
the disk. So one batch can be worked on while the one before it is waiting for the disk. The log is synced by SQLite
itself before each checkpoint, and so is the file after it; what is left is this one call before anybody is told.
"""

import os
from threading import Lock

_to_disk = getattr(os, "fdatasync", os.fsync)


class WriteAheadLog:
    """The log beside a store's file; a store in memory has none."""

    def __init__(self, path: str) -> None:
        self._path = "" if path == ":memory:" else f"{path}-wal"
        self._descriptor = -1
        self._opening = Lock()

    @property
    def on_disk(self) -> bool:
        """Whether there is anything to wait for."""
        return bool(self._path)

    def sync(self) -> None:
        """Wait until all that was written is on the disk. Any thread may call it, without the store's lock.

        Raises:
            OSError: the disk refused; what was written last may not outlast a power cut and must not be acknowledged.
        """
        if self._path:
            _to_disk(self._open())

    def close(self) -> None:
        """Let the file go."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> int:
        with self._opening:
            if self._descriptor < 0:
                self._descriptor = os.open(self._path, os.O_RDWR)
        return self._descriptor
