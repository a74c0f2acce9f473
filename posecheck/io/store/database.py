"""A SQLite file of the user's own: opened, checked, brought up to date, set aside when damaged.

Only the user may read the file. What a statement has committed is on the disk when it returns: a
killed program loses nothing, and neither does a power cut, as long as the disk keeps what it
reports as written. Pictures and poses are never stored.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path

from posecheck.io.errors import system_reason
from posecheck.io.output import OutputError, writing
from posecheck.io.store.file_lock import locked
from posecheck.io.store.set_aside import behind_links, set_aside, sync_folder

BUSY_TIMEOUT_S = 1.0
"""How long to wait while a second posecheck writes, which takes milliseconds."""

Schema = dict[str, tuple[tuple[object, ...], ...]]
"""Of each table and index: name, type and constraints of its columns."""
Identity = tuple[tuple[int, int] | None, ...]


MEMORY = Path(":memory:")
"""A path that keeps nothing."""


class Damaged(sqlite3.DatabaseError):
    """The content of the file is not what posecheck has written."""


def open_database(
    path: Path, migrations: Sequence[str], what: str, *, damaged: bool = False
) -> tuple[sqlite3.Connection, str]:
    """The database at `path`, created when it is missing, and a remark: one sentence when a damaged
    file was set aside, else "".

    path        MEMORY keeps nothing
    migrations  the steps from each version of the file (PRAGMA user_version, 0 is empty) to the
                next; each of them has to change the tables
    what        the name of the content in sentences: "history of the desk"
    damaged     a statement has met damage: set the file aside even if it seems to be whole

    Raises OutputError when the disk refuses, or the file is of a newer posecheck.
    """
    if path == MEMORY:
        return _connected(path, migrations, what), ""
    path = behind_links(path)
    # One program at a time, so that no other opens a file that is being set aside.
    with locked(path), writing(path), speaking(path):
        _create(path)
        try:
            if not damaged:
                return _connected(path, migrations, what), ""
        except sqlite3.Error as error:
            if not is_damaged(error, path):
                raise
        remark = _set_database_aside(path, what)
        _create(path)
        return _connected(path, migrations, what), remark


def migrate(db: sqlite3.Connection, steps: Sequence[str], what: str) -> None:
    """Bring a file to version len(steps), each step completely or not at all. OutputError for a
    file of a newer posecheck; Damaged for tables that no version of posecheck makes."""
    for number in range(_version(db, tuple(steps), what), len(steps)):
        script = f"BEGIN IMMEDIATE; {steps[number]}; PRAGMA user_version = {number + 1}; COMMIT;"
        try:
            db.executescript(script)
        except sqlite3.Error:
            db.rollback()
            raise


def is_damaged(error: sqlite3.Error, path: Path) -> bool:
    """Whether the file is damaged, rather than the disk at fault or the program."""
    name = getattr(error, "sqlite_errorname", "SQLITE_CORRUPT")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return True
    # SQLite answers so to some damaged headers too. Then the file can be written nevertheless.
    return name.startswith(("SQLITE_ERROR", "SQLITE_READONLY", "SQLITE_CANTOPEN")) and (
        _can_be_written(path)
    )


def with_companions(path: Path) -> list[Path]:
    """The file and those that SQLite keeps beside it."""
    path = behind_links(path)
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


def forget_database(path: Path) -> None:
    """Remove a file that is closed, and all that was set aside of it. Raises OutputError."""
    target = behind_links(path)
    broken = target.parent.glob(f"{target.stem}.broken*{target.suffix}*")
    for each in (*with_companions(path), *broken):
        with writing(each):
            each.unlink(missing_ok=True)


def forget_log(path: Path) -> None:
    """Remove the log of a file that is closed. Raises OutputError."""
    for each in with_companions(path)[1:]:
        with writing(each):
            each.unlink(missing_ok=True)


def identity(path: Path) -> Identity:
    """Which files the names of the database and its log lead to now. It changes when another
    program removes or replaces one of them, after which SQLite would write into a file that has no
    name any more."""
    return tuple(_file_id(each) for each in with_companions(path)[:2])


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """An error of SQLite inside becomes an OutputError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        raise OutputError(f"{path} cannot be used: {_why(name, error)}") from error


class Database:
    """An open file. Use it from one thread.

    path    as in `open_database`, as are `migrations` and `what`
    remark  one sentence when a damaged file was set aside, else ""

    Every method raises OutputError when the disk refuses.
    """

    def __init__(self, path: Path, migrations: Sequence[str], what: str) -> None:
        self.path = path
        self._migrations, self._what = tuple(migrations), what
        self._open()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: complete or not at all, and on the disk when the block ends. It waits for
        another program that is writing before the first statement, not in the middle."""
        with speaking(self.path):
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
        with speaking(self.path):
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")

    def delete(self) -> None:
        """Remove the file, and the damaged ones that were set aside. It can be used afterwards,
        also when a file cannot be removed."""
        self.close()
        try:
            if self.path != MEMORY:
                forget_database(self.path)
        finally:
            self._open()

    def close(self) -> None:
        """May be called twice."""
        with suppress(sqlite3.Error):
            self._db.close()

    def _open(self) -> None:
        self._db, self.remark = open_database(self.path, self._migrations, self._what)
        self._db.isolation_level = None  # transactions begin where `changing` and `reading` say
        self._db.execute("PRAGMA foreign_keys = ON")


# --- opening ------------------------------------------------------------------------------------


def _create(path: Path) -> None:
    """Before the first byte is written, so that no other user can ever read the file. SQLite gives
    its companion files the same permissions."""
    new = not path.exists()
    path.touch(mode=0o600)
    if new:
        sync_folder(path.parent)


def _connected(path: Path, migrations: Sequence[str], what: str) -> sqlite3.Connection:
    """Open the file, check that it is not damaged, and migrate it. Raises sqlite3.Error."""
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)
    try:
        # FULL waits for the disk with each commit. NORMAL would lose, in a power cut, all since the
        # last checkpoint, which may be hours.
        db.execute("PRAGMA synchronous = FULL")
        # Not the quick check: it does not see an index that disagrees with its table.
        if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise Damaged("database disk image is malformed")
        _version(db, tuple(migrations), what)  # before the first change
        db.execute("PRAGMA journal_mode = WAL")
        migrate(db, migrations, what)
    except (UnicodeDecodeError, OverflowError) as error:  # damage within SQLite's own message
        db.close()
        raise Damaged("database disk image is malformed") from error
    except BaseException:
        db.close()
        raise
    return db


def _version(db: sqlite3.Connection, steps: tuple[str, ...], what: str) -> int:
    """The version of a file, by its tables: the number in it may be damaged."""
    (number,) = db.execute("PRAGMA user_version").fetchone()
    tables, known = _schema(db), _schemas(steps)
    if 0 <= number <= len(steps) and tables == known[number]:
        return int(number)
    if tables in known:
        version = known.index(tables)
        db.execute(f"PRAGMA user_version = {version}")
        return version
    if number > len(steps):
        raise OutputError(
            f"The {what} was written by a newer posecheck. Install that one again, or move the "
            "file away."
        )
    raise Damaged("not the tables of posecheck")


@cache
def _schemas(steps: tuple[str, ...]) -> list[Schema]:
    """The tables of each version."""
    with closing(sqlite3.connect(":memory:")) as db:
        schemas = [_schema(db)]
        for step in steps:
            db.executescript(step)
            schemas.append(_schema(db))
    return schemas


def _schema(db: sqlite3.Connection) -> Schema:
    found: Schema = {}
    query = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    for kind, name in db.execute(query).fetchall():
        table = f"pragma_{'index' if kind == 'index' else 'table'}_info"
        found[f"{kind} {name}"] = tuple(db.execute(f"SELECT * FROM {table}(?)", (name,)).fetchall())
    return found


# --- trouble ------------------------------------------------------------------------------------


def _set_database_aside(path: Path, what: str) -> str:
    try:
        aside = set_aside(path)
        for companion in with_companions(path)[1:]:
            # Move the log of a damaged file too: it must not be applied to the new file.
            if companion.exists():
                companion.rename(companion.with_name(companion.name.replace(path.name, aside.name)))
    except OSError as error:
        raise OutputError(
            f"{path} is damaged and cannot be renamed ({system_reason(error)}). "
            "Rename it or remove it."
        ) from error
    return f"The {what} could not be read and starts again; the damaged file is kept as {aside}."


def _can_be_written(path: Path) -> bool:
    try:
        with path.open("r+b"), tempfile.TemporaryFile(dir=path.parent):
            return True
    except OSError:
        return False


def _file_id(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
