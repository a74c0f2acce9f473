"""One SQLite file of the user's own: opened, migrated, set aside when damaged, deleted.

Only the user may read the file. Every error is an OutputError, one or two sentences for the user.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from posecheck.io.errors import system_reason
from posecheck.io.output import OutputError, writing
from posecheck.io.store.set_aside import set_aside

BUSY_TIMEOUT_S = 1.0
"""How long to wait while a second posecheck writes, which takes milliseconds."""
MEMORY = Path(":memory:")
"""A path that keeps nothing."""


class Database:
    """An open file. Use it from one thread.

    path    MEMORY keeps nothing
    what    what is in it, for sentences: "the history of your sessions"
    steps   SQL from each version (PRAGMA user_version, 0 is empty) to the next
    remark  one sentence when a damaged file was set aside, else ""
    """

    def __init__(self, path: Path, what: str, steps: Sequence[str]) -> None:
        self.path, self.remark = path, ""
        self._what, self._steps = what, tuple(steps)
        self._db = self._opened()

    @property
    def on_disk(self) -> bool:
        return self.path != MEMORY

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: complete or not at all, and on the disk when the block ends. It waits for
        another program that is writing before the first statement, not in the middle."""
        with self.speaking():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent state, whatever other programs write meanwhile."""
        with self.speaking():
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")

    def delete(self) -> None:
        """Remove the file, and the damaged ones that were set aside. The store stays usable, even
        when a file cannot be removed."""
        self.close()
        stem, end = self.path.stem, self.path.suffix
        aside = [*self.path.parent.glob(f"{stem}.broken*{end}*")] if self.on_disk else []
        try:
            for path in (*with_companions(self.path), *aside) if self.on_disk else ():
                with writing(path):
                    path.unlink(missing_ok=True)
        finally:
            self.remark = ""
            self._db = self._opened()

    def close(self) -> None:
        """May be called twice."""
        with suppress(sqlite3.Error):
            self._db.close()

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """An error of SQLite inside becomes an OutputError that says what to do."""
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            raise OutputError(f"{self.path} cannot be used: {_why(name, error)}") from error

    def _opened(self) -> sqlite3.Connection:
        if not self.on_disk:
            return self._connected()
        folder = self.path.parent
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._touch()
        with self.speaking():
            try:
                return self._connected()
            except sqlite3.DatabaseError as error:
                if not _damaged(error):
                    raise
        self.remark = self._kept_aside()
        self._touch()
        with self.speaking():
            return self._connected()

    def _touch(self) -> None:
        """Create the file before its first byte, so that no other user can ever read it. SQLite
        gives its companion files the same permissions."""
        with writing(self.path):
            self.path.touch(mode=0o600)

    def _connected(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            _refuse_newer(db, self._steps, self._what)  # before the first change of the file
            # With the log a killed program loses nothing that was written, and a power cut loses at
            # most the last minutes, never the file. NORMAL seldom waits for the disk.
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
            if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("database disk image is malformed")
            migrate(db, self._steps, self._what)
        except UnicodeDecodeError as error:  # damage within the words of SQLite's own message
            db.close()
            raise sqlite3.DatabaseError("database disk image is malformed") from error
        except BaseException:
            db.close()
            raise
        return db

    def _kept_aside(self) -> str:
        try:
            aside = set_aside(self.path)
            for companion in with_companions(self.path)[1:]:
                # Move the log of a damaged file too: it must not be applied to the new file.
                if companion.exists():
                    name = companion.name.replace(self.path.name, aside.name)
                    companion.rename(companion.with_name(name))
        except OSError as error:
            raise OutputError(
                f"{self.path} is damaged and cannot be renamed ({system_reason(error)}). "
                "Rename it or remove it."
            ) from error
        return (
            f"{self._what[:1].upper()}{self._what[1:]} could not be read and starts again; the "
            f"damaged file is kept as {aside}."
        )


def migrate(db: sqlite3.Connection, steps: Sequence[str], what: str) -> None:
    """Bring a file to version len(steps), each step completely or not at all. OutputError for a
    file of a newer posecheck."""
    version = _refuse_newer(db, steps, what)
    for number in range(version, len(steps)):
        # IMMEDIATE: of two programs that start at once the second waits, and finds the step done.
        db.execute("BEGIN IMMEDIATE")
        try:
            if db.execute("PRAGMA user_version").fetchone()[0] == number:
                for statement in steps[number].split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {number + 1}")
            db.execute("COMMIT")
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            raise


def _refuse_newer(db: sqlite3.Connection, steps: Sequence[str], what: str) -> int:
    """The version of a file; OutputError for that of a newer posecheck."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(steps):
        raise OutputError(
            f"{what[:1].upper()}{what[1:]} was written by a newer posecheck. Install that one "
            "again, or move the file away."
        )
    return version


def with_companions(path: Path) -> list[Path]:
    """A file of SQLite and the files that it writes beside it."""
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


def _damaged(error: sqlite3.DatabaseError) -> bool:
    """Whether the file is damaged, rather than the disk at fault."""
    name = getattr(error, "sqlite_errorname", "SQLITE_CORRUPT")
    return name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))


def _why(name: str, error: sqlite3.Error) -> str:
    ways = {
        "SQLITE_FULL": "the disk is full. Free some space.",
        "SQLITE_READONLY": "this user may not write there.",
        "SQLITE_CANTOPEN": "this user may not write there, or the folder is gone.",
        "SQLITE_BUSY": "another posecheck is using it. Close that one.",
        "SQLITE_IOERR": "the disk does not take it. Free some space, or look after the disk.",
        "SQLITE_CORRUPT": "it is damaged. Start posecheck again.",
    }
    return next((text for start, text in ways.items() if name.startswith(start)), f"{error}.")
