"""Makes docs/licences.md from what the locked packages say about themselves.

python tests/licences.py > docs/licences.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent

OTHER_SYSTEMS = {
    "colorama": "BSD-3-Clause",
    "pyobjc-core": "MIT",
    "pyobjc-framework-avfoundation": "MIT",
    "pyobjc-framework-cocoa": "MIT",
    "pyobjc-framework-coreaudio": "MIT",
    "pyobjc-framework-coremedia": "MIT",
    "pyobjc-framework-quartz": "MIT",
}
"""Packages that only Windows or macOS installs, from their pages in the package index."""

UNSTATED = {"ezc3d": "MIT"}
"""Packages that state no licence in their metadata, from the licence file of their source."""

SAME = {
    "Apache 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""The SPDX names of what older packages write."""

HEAD = """\
# Licences

posecheck is under the Apache License 2.0 ([LICENSE](../LICENSE)); so are the two pose models
([models/README.md](../models/README.md)). These are the licences of the packages in
`requirements.lock`, as the packages state them. The wheel and the sdist of posecheck contain none
of them: an installer fetches them separately. PySide6, which is Qt, is used under the LGPL as
separate, replaceable libraries; so is FFmpeg, which the package of OpenCV contains (LGPL-2.1).

`python tests/licences.py > docs/licences.md` makes this page, and a test compares it.

"""


def page() -> str:
    """The whole page."""
    used = dict(sorted(_used()))
    running = {name: used[name] for name in sorted(_needed_to_run() & used.keys())}
    tools = {name: used[name] for name in used.keys() - running.keys()}
    parts = [HEAD, "## What posecheck runs with\n\n", _table(running)]
    return "".join([*parts, "\n## What its extras, tests and tools run with\n\n", _table(tools)])


def _table(licences: dict[str, str]) -> str:
    rows = "".join(f"| {name} | {text} |\n" for name, text in sorted(licences.items()))
    return "| package | licence |\n|---|---|\n" + rows


def _used() -> Iterator[tuple[str, str]]:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for line in re.findall(r"^\S.*?(?=\s*\\?$)", lock, re.MULTILINE):
        name = canonicalize_name(Requirement(line).name)
        yield name, OTHER_SYSTEMS.get(name) or _licence(name)


def _licence(name: str) -> str:
    data = distribution(name).metadata
    classified = [
        text.rpartition(" :: ")[2]
        for text in data.get_all("Classifier") or ()
        if text.startswith("License ::")
    ]
    texts = [data[key] for key in ("License-Expression", "License") if key in data]
    short = [text for text in texts if text and "\n" not in text]  # some give the whole licence
    stated = next(iter(short), " AND ".join(classified)) or UNSTATED[name]
    return SAME.get(stated, stated)


def _needed_to_run() -> set[str]:
    """posecheck's dependencies and theirs, and what other systems need besides."""
    found: set[str] = set(OTHER_SYSTEMS)
    left = ["posecheck-coach"]
    while left:
        try:
            needs = distribution(left.pop()).requires or []
        except PackageNotFoundError:
            continue  # for another system
        for need in map(Requirement, needs):
            name = canonicalize_name(need.name)
            wanted = need.marker is None or need.marker.evaluate({"extra": ""})
            if wanted and name not in found:
                found.add(name)
                left.append(name)
    return found


if __name__ == "__main__":
    print(page(), end="")
