"""A lock file that is removed while others wait for it."""

from __future__ import annotations

import threading
from pathlib import Path

from posecheck.io.store.file_lock import FileLock


def test_a_lock_in_use_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    holder = FileLock(path)
    assert holder.acquire()
    assert not FileLock(path).remove()
    assert path.exists()
    holder.release()
    assert FileLock(path).remove()
    assert not path.exists()


def test_two_never_hold_a_lock_whose_file_was_removed(tmp_path: Path) -> None:
    """One waits on the file that is removed; it must not think that it holds the new one."""
    path = tmp_path / "a.lock"
    holder, waiter = FileLock(path), FileLock(path)
    assert holder.acquire()
    held: list[bool] = []
    thread = threading.Thread(target=lambda: held.append(waiter.acquire(5.0)))
    thread.start()
    path.unlink()  # as `remove` of the holder does
    newcomer = FileLock(path)
    assert newcomer.acquire()
    holder.release()
    thread.join(0.2)
    assert held == []  # it waits for the newcomer, not for the removed file
    newcomer.release()
    thread.join(5.0)
    assert held == [True]
    waiter.release()
