"""Real Dask schedulers and workers as processes of their own, on loopback, for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

DEADLINE_S = 240.0
"""For anything that a busy machine does at last."""


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for a condition of another process."""
    end = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.02)  # the condition is another process's: there is nothing to be woken by


def posecheck(
    *words: object, cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """A command of posecheck, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "posecheck", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        cwd=cwd,
        env=os.environ | more,
    )


@dataclass
class Cluster:
    """A scheduler and the workers that were started for it."""

    folder: Path
    address: str
    stack: ExitStack
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self, cwd: Path, path: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a worker in a folder. `path`: where its Python looks for posecheck first."""
        name = f"worker-{len(self.workers)}"
        words = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1",
                 "--local-directory", str(self.folder / name))  # fmt: skip
        worker = self._start(name, "distributed.cli.dask_worker", self.address, *words, cwd=cwd,
                             path=path)  # fmt: skip
        self.workers.append(worker)
        until(lambda: b"Starting established connection" in self.log(name), f"start of {name}")
        return worker

    def log(self, name: str) -> bytes:
        return (self.folder / f"{name}.log").read_bytes()

    def _start(
        self, name: str, module: str, *words: str, cwd: Path, path: Path | None = None
    ) -> subprocess.Popen[bytes]:
        more = {} if path is None else {"PYTHONPATH": str(path)}
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                stdout=log,
                stderr=log,
                cwd=cwd,
                env=os.environ | more,
            )
        self.stack.callback(process.wait)
        self.stack.callback(process.kill)
        return process


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A scheduler without workers."""
    folder.mkdir()
    with ExitStack() as stack:
        made = Cluster(folder, "", stack)
        file = folder / "scheduler.json"
        made._start(
            "scheduler", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
            "--no-dashboard", "--scheduler-file", str(file), cwd=folder,
        )  # fmt: skip

        def answers() -> bool:
            try:
                made.address = json.loads(file.read_text())["address"]
            except (OSError, ValueError):
                return False
            return True

        until(answers, "start of the scheduler")
        yield made
