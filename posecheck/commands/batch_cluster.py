"""The workers of `posecheck batch`: local processes, or those of a Dask cluster.

The only module that imports Dask. Without an address that the user typed, scheduler and workers
listen on 127.0.0.1 alone, with keys that live as long as the run, and Dask's own configuration is
not read. Only a few recordings are under way at a time, so the memory of scheduler and program does
not grow with their number.
"""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from shutil import rmtree
from typing import Any

import dask
from dask.system import CPU_COUNT
from distributed import Client, Future, KilledWorker, LocalCluster, get_worker, wait
from distributed.security import Security

from posecheck.commands.batch_job import (
    BatchError,
    Failed,
    Job,
    JobSettings,
    NotThere,
    Outcome,
    Unfit,
    unfitness,
)

LOOPBACK = "127.0.0.1"
ADDRESS = re.compile(r"(tcp|tls)://[^/\s]+:\d{1,5}")
WORKER_MEMORY = 2 * 2**30
"""Bytes. A worker that needs more is ended and its recording tried again. The full model with
silhouettes of 1080p needs 0.5 GB."""
CONNECT_S = 10
WORKERS_S = 60.0
"""Seconds without any worker after which a run ends; a local worker restarts within 5."""
POLL_S = 1.0
"""Seconds after which workers are looked at again while no recording comes to its end."""
AHEAD = 2
"""Recordings for each thread of a worker: one is judged, one waits, so that no worker does."""
LOCAL_DEATHS = 1
"""Tries of a recording after the death of its worker before Dask gives it up; a cluster has its own
number, as a rule three."""
DEATHS = 2
"""Times that Dask may give a recording up. The first may be a neighbour's fault: Dask counts the
death of a worker against every recording that waited there. So the second try is made alone."""
STUMBLES = 3
"""Times that a worker may fail before it begins, as one does that has just joined."""

_NO_CONFIG: dict[str, Any] = {
    # A worker that ends is started again, however long that takes on a busy computer: after this
    # time Dask would give it up for good.
    "distributed.deploy.lost-worker-timeout": "7 days",
    "distributed.worker.http.routes": [],
    "distributed.scheduler.allowed-failures": LOCAL_DEATHS,
    "distributed.diagnostics.nvml": False,  # it would load the library of a graphics card
}


def local_worker_count() -> int:
    """One for each core that this process may use."""
    return int(CPU_COUNT)


@contextmanager
def local_workers(number: int, scratch: Path, dashboard: bool) -> Iterator[Client]:
    """Worker processes of this computer. BatchError.

    scratch    a folder for what they put aside; removed at the end
    dashboard  also serve Dask's page, on 127.0.0.1
    """
    if dashboard and find_spec("bokeh") is None:
        raise BatchError(
            'The dashboard needs bokeh. Install it with: pip install "posecheck-coach[dashboard]"'
        )
    quiet = logging.CRITICAL
    logging.getLogger("distributed").setLevel(quiet)
    dask.config.refresh(paths=[], env={})
    routes: dict[str, Any] = {} if dashboard else {"distributed.scheduler.http.routes": []}
    try:
        with (
            dask.config.set({**_NO_CONFIG, **routes, "temporary-directory": str(scratch)}),
            LocalCluster(
                n_workers=number,
                threads_per_worker=1,
                processes=True,
                host=LOOPBACK,
                protocol="tls://",
                security=Security.temporary(),
                dashboard_address=f"{LOOPBACK}:0",
                scheduler_kwargs={"dashboard": dashboard},
                memory_limit=WORKER_MEMORY,
                local_directory=str(scratch),
                silence_logs=quiet,
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield client
    finally:
        rmtree(scratch, ignore_errors=True)


@contextmanager
def cluster_of(address: str) -> Iterator[Client]:
    """The workers of a running scheduler. BatchError when none answers."""
    if not ADDRESS.fullmatch(address):
        raise BatchError(
            f"{address} is no address of a Dask scheduler. Write it as in tcp://10.0.0.5:8786."
        )
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise BatchError(
            f"No Dask scheduler answers at {address}. Check the address, and that it is running."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError as error:
            raise BatchError(f"The scheduler at {address} has no worker. Start one.") from error
        yield client


def on_worker(function: Callable[[Job], Outcome], job: Job) -> tuple[str, Outcome]:
    """What runs on a worker: its address, and what the function gives."""
    return get_worker().address, function(job)


@dataclass(slots=True, eq=False)
class _Attempt:
    """A recording on its way.

    blind      workers that do not see its file
    allowed    where it may run now; None for anywhere
    deaths     times that Dask gave it up because workers ended
    stumbles   times that it failed before it began
    """

    job: Job
    blind: set[str] = field(default_factory=set)
    allowed: frozenset[str] | None = None
    deaths: int = 0
    stumbles: int = 0
    sentence: str = ""


class JobRunner:
    """Gives jobs to workers and takes each outcome once.

    local   the workers are this program's own, so they need not be asked what they are
    remark  takes sentences about workers
    """

    def __init__(
        self, client: Client, settings: JobSettings, local: bool, remark: Callable[[str], None]
    ) -> None:
        self._client, self._settings, self._local = client, settings, local
        self._remark = remark
        self._threads: dict[str, int] = {}
        self._unfit: dict[str, str] = {}
        self._looked_at = self._had_workers_at = time.monotonic()
        self._numbers = count()
        self._look()

    @property
    def threads(self) -> int:
        """Recordings that can be judged at the same time now."""
        return sum(threads for name, threads in self._threads.items() if name not in self._unfit)

    def run(
        self, function: Callable[[Job], Outcome], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Outcome]]:
        """Each job with its outcome, as they come; never `NotThere` or `Unfit`. BatchError when
        nobody can go on."""
        coming = (_Attempt(job) for job in jobs)
        again: deque[_Attempt] = deque()
        running: dict[Future[Any], _Attempt] = {}
        try:
            while True:
                self._fill(function, running, again, coming)
                if not running:
                    return
                for future in self._ended(running):
                    attempt = running.pop(future)
                    outcome = self._outcome(future, attempt)
                    future.release()
                    if outcome is None:
                        again.append(attempt)
                    else:
                        yield attempt.job, outcome
                self._look_again(running, again)
        finally:
            self._client.cancel(list(running))

    def _fill(
        self,
        function: Callable[[Job], Outcome],
        running: dict[Future[Any], _Attempt],
        again: deque[_Attempt],
        coming: Iterator[_Attempt],
    ) -> None:
        """Have as many under way as the workers can use. What may have ended a worker is tried
        alone."""
        while len(running) < max(1, AHEAD * self.threads):
            if any(attempt.deaths for attempt in running.values()):
                return
            attempt = again.popleft() if again else next(coming, None)
            if attempt is None:
                return
            if attempt.deaths and running:
                again.appendleft(attempt)
                return
            attempt.allowed = self._allowed(attempt)
            future = self._client.submit(
                on_worker,
                function,
                attempt.job,
                key=f"posecheck-{id(self)}-{next(self._numbers)}",
                pure=False,
                workers=None if attempt.allowed is None else sorted(attempt.allowed),
                allow_other_workers=False,
            )
            running[future] = attempt

    def _allowed(self, attempt: _Attempt) -> frozenset[str] | None:
        if not (self._unfit or attempt.blind):
            return None
        fit = frozenset(self._threads) - self._unfit.keys()
        # Without any that sees the file, the first of all says so once more.
        return fit - attempt.blind or fit or None

    def _ended(self, running: dict[Future[Any], _Attempt]) -> list[Future[Any]]:
        """The futures that have come to an end; none when there was none for a while."""
        try:
            with self._client.as_current():  # `wait` has no argument for the client
                wait(list(running), timeout=POLL_S, return_when="FIRST_COMPLETED")
        except TimeoutError:
            return []
        except Exception as error:  # whatever of its many errors Dask raises for a lost scheduler
            if self._client.status != "running":
                raise _lost() from error
            if not isinstance(error, CancelledError):  # the status of its future says so
                raise
        return [future for future in running if future.status != "pending"]

    def _outcome(self, future: Future[Any], attempt: _Attempt) -> Outcome | None:
        """What came of an attempt; None when it is to be tried again. BatchError."""
        if future.status == "cancelled" or self._client.status != "running":
            raise _lost()
        try:
            address, outcome = future.result()
        except KilledWorker:
            return self._after_death(attempt)
        except Exception as error:
            attempt.stumbles += 1
            if attempt.stumbles >= STUMBLES:
                return Failed(f"{attempt.job.recording}: a worker has failed: {error!r}.")
            return None
        if isinstance(outcome, Unfit):
            self._refuse(address, outcome.sentence)
            return None
        if isinstance(outcome, NotThere):
            return self._after_not_there(attempt, address, outcome)
        return outcome  # type: ignore[no-any-return]

    def _after_death(self, attempt: _Attempt) -> Outcome | None:
        attempt.deaths += 1
        if attempt.deaths < DEATHS:
            return None
        return Failed(
            f"{attempt.job.recording} has ended every worker that judged it. It may need more than "
            f"{WORKER_MEMORY / 2**30:.0f} GB of memory, or be damaged. Try it alone with "
            "`posecheck analyze`."
        )

    def _after_not_there(
        self, attempt: _Attempt, address: str, outcome: NotThere
    ) -> Outcome | None:
        attempt.blind.add(address)
        if not self._local and self._threads.keys() - self._unfit.keys() - attempt.blind:
            return None
        asked = len(attempt.blind)
        if self._local or asked == 1:
            return Failed(outcome.sentence)
        return Failed(
            f"None of {asked} workers sees the file {attempt.job.path}. Put it where the workers "
            "can read it under this name."
        )

    # --- workers --------------------------------------------------------------------------------

    def _look_again(self, running: dict[Future[Any], _Attempt], again: deque[_Attempt]) -> None:
        """Look at the workers from time to time; try again what waits for one that has gone."""
        if time.monotonic() - self._looked_at < POLL_S:
            return
        self._look()
        present = self._threads.keys() - self._unfit.keys()
        for future, attempt in list(running.items()):
            if attempt.allowed is not None and not attempt.allowed & present:
                self._client.cancel([future])
                again.append(running.pop(future))

    def _look(self) -> None:
        """Which workers there are, and which of those that are new can judge. BatchError."""
        self._looked_at = time.monotonic()
        try:
            found = self._client.scheduler_info()["workers"]
        except Exception as error:
            raise _lost() from error
        new = [address for address in found if address not in self._threads]
        self._threads = {address: int(each["nthreads"]) for address, each in found.items()}
        self._unfit = {name: why for name, why in self._unfit.items() if name in found}
        if new and not self._local:
            self._ask(new)
        if self._threads:
            self._had_workers_at = self._looked_at
            self._check_anyone_fit()
        elif self._looked_at - self._had_workers_at > WORKERS_S:
            raise BatchError(
                f"There has been no worker for {WORKERS_S:.0f} s. What was judged is stored; start "
                "the same command again when there are workers."
            )

    def _ask(self, addresses: list[str]) -> None:
        """Ask new workers whether they can judge."""
        answers = self._client.run(unfitness, self._settings, workers=addresses, on_error="return")
        for address in addresses:
            why = answers.get(address, "")
            if isinstance(why, OSError):  # the connection: it is asked again, if it is still there
                self._threads.pop(address)
            elif isinstance(why, Exception):  # Dask passes a failed import on as a plain Exception
                self._refuse(address, f"has no posecheck, or a part of it is missing: {why}")
            elif why:
                self._refuse(address, why)

    def _refuse(self, address: str, why: str) -> None:
        if address not in self._unfit and address in self._threads:
            self._unfit[address] = why
            self._remark(f"The worker at {address} is not used: it {why.rstrip('.')}.")
            self._check_anyone_fit()

    def _check_anyone_fit(self) -> None:
        if self._threads and not self._threads.keys() - self._unfit.keys():
            raise BatchError(
                "No worker can judge. What was judged is stored; start the same command again when "
                "there are workers with posecheck and the pose model."
            )


def _lost() -> BatchError:
    return BatchError(
        "The scheduler does not answer any more. What was judged is stored; start the same command "
        "again to go on."
    )
