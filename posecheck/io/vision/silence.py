"""Discards what the native libraries write to stderr, whatever the log level is."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Silence:
    """Discards everything that is written to file descriptor 2 inside the context.

    The native libraries write there whatever the log level is. Contexts of several threads may
    overlap. Exceptions pass; descriptor 2 is always restored.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._saved: int | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            if not self._inside:
                self._saved = _redirect()
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside and self._saved is not None:
                    os.dup2(self._saved, 2)
                    os.close(self._saved)
                    self._saved = None


def _redirect() -> int | None:
    """Point descriptor 2 to nowhere; a copy of the original, None for a program without one."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        saved = os.dup(2)
    except OSError:  # started without a terminal
        return None
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return saved


silence = _Silence()
"""Silences descriptor 2 for the whole process: `with silence():`."""
