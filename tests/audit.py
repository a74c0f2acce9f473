"""Compares requirements.lock with a stored list of advisories, without a network.

    python tests/audit.py FOLDER        (or the folder in POSECHECK_ADVISORIES)

FOLDER holds records in the OSV format, one JSON file each, in any folders: a copy of the advisory
database of the Python Packaging Authority, or the unpacked list of OSV for PyPI. Without a list it
says that nothing was compared. (pip-audit asks services on the network for each package.)
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
OLD_DAYS = 30
"""A list without a newer record is called old: new records come every day."""
NOT_RUN = (
    "Not audited: there is no list of advisories. Name a folder of OSV records in "
    "POSECHECK_ADVISORIES."
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A locked package with a known vulnerability."""

    package: str
    version: str
    advisory: str
    summary: str


def main(words: list[str]) -> int:
    """The exit code: 1 for a hit, 0 for none and for no list, 2 for a list that cannot be read."""
    place = words[0] if words else os.environ.get("POSECHECK_ADVISORIES", "")
    if not place:
        print(NOT_RUN)
        return 0
    records, newest = 0, ""
    hits: list[Hit] = []
    lock = locked_versions(LOCK.read_text(encoding="utf-8"))
    for record in records_in(Path(place)):
        records, newest = records + 1, max(newest, str(record.get("modified", "")))
        hits += hits_of(record, lock)
    if not records:
        print(f"Not audited: {place} holds no OSV records.")
        return 2
    for hit in hits:
        print(f"{hit.package} {hit.version}: {hit.advisory}: {hit.summary}")
    print(f"{len(lock)} packages, {records} advisories, {len(hits)} hits. {_age(newest)}")
    return 1 if hits else 0


def locked_versions(lock: str) -> list[tuple[str, str]]:
    """Name and version of each line of the lock."""
    found: list[tuple[str, str]] = []
    for line in re.findall(r"^\S.*?(?=\s*\\?$)", lock, re.MULTILINE):
        requirement = Requirement(line)
        (version,) = (specifier.version for specifier in requirement.specifier)
        found.append((canonicalize_name(requirement.name), version))
    return found


def records_in(folder: Path) -> Iterator[Mapping[str, Any]]:
    """The records of a folder and of the folders in it; other files are passed over."""
    for path in sorted(folder.rglob("*.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        if isinstance(record, dict) and isinstance(record.get("affected"), list):
            yield record


def hits_of(record: Mapping[str, Any], lock: list[tuple[str, str]]) -> Iterator[Hit]:
    """The locked packages that a record names. A record that was withdrawn names none."""
    if record.get("withdrawn"):
        return
    summary = str(record.get("summary") or record.get("details") or "")[:100].partition("\n")[0]
    for affected in record["affected"]:
        package = affected.get("package", {})
        if package.get("ecosystem") != "PyPI":
            continue
        name = canonicalize_name(str(package.get("name", "")))
        for locked, version in lock:
            if locked == name and _names(affected, version):
                yield Hit(name, version, str(record.get("id", "?")), summary)


def _names(affected: Mapping[str, Any], version: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    ranges = (each for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM")
    return any(_within(each.get("events", ()), Version(version)) for each in ranges)


def _within(events: list[Mapping[str, str]], version: Version) -> bool:
    """Whether a version lies between the events of a range, as OSV defines it."""
    inside = False
    for event in sorted(events, key=lambda event: _version(next(iter(event.values())))):
        kind, text = next(iter(event.items()))
        at = _version(text)
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")


def _age(newest: str) -> str:
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(newest)
    except (ValueError, TypeError):
        return "The list has no date."
    old = " The list is old: fetch a newer one." if age.days > OLD_DAYS else ""
    return f"The newest record is of {newest[:10]}.{old}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
