"""posecheck with commands that meet a bug: `python broken_program.py [--verbose] WHERE [ADDRESS]`.

Run in a process of its own by the tests of crash files.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import typer
from PySide6.QtCore import QCoreApplication, QTimer
from sitters import two_points

from posecheck.__main__ import main
from posecheck.cli import app
from posecheck.coach.guide import Guide
from posecheck.desk.monitor import DeskMonitor
from posecheck.io.diagnosis.flight_recorder import flight_recorded
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_all
from posecheck.io.store.desk_profile import Found
from posecheck.io.vision.live import Playlist
from posecheck.io.vision.pose_model import PoseModel
from posecheck.pose import JOINTS, Detection, Frame, MaskNeed, Pose
from posecheck.session.plan import PlannedSet
from posecheck.ui.desk.worker import DeskWorker
from posecheck.ui.session.worker import SessionWorker

CLIP = Path(__file__).parent / "clips" / "childs_pose_beth_R.mp4"
BROKEN_AT = 12
"""The number of frames after which the estimator fails."""
PX = np.linspace((200.0, 50.0), (260.0, 350.0), JOINTS)
WORLD = np.linspace((-0.1, -0.8, 0.0), (0.1, 0.8, 0.1), JOINTS)
"""A body of no particular form."""


def bug(address: str) -> None:
    """Fail, with an address in the message, as a library of video does."""
    raise ValueError(f"cannot go on with {address}")


def broken_model() -> PoseModel:
    """Poses, until frame BROKEN_AT."""
    count = 0

    def estimate(frame: Frame, mask: MaskNeed) -> Detection:
        nonlocal count
        count += 1
        if count > BROKEN_AT:
            raise IndexError("the estimator is broken")
        height, width = frame.image.shape[:2]
        return Detection(Pose(PX, WORLD, np.ones(JOINTS), (width, height)))

    return PoseModel(flight_recorded(estimate), lambda: None)


@app.command()
def command(address: str) -> None:
    """A bug in the main thread."""
    logging.getLogger("posecheck.test").info("about to open %s", address)
    bug(address)


@app.command()
def thread(address: str) -> None:
    """A bug in a thread that nobody waits for."""
    for _ in range(5):
        running = Thread(target=bug, args=(address,))
        running.start()
        running.join()


@app.command()
def slot(address: str) -> None:
    """A bug in a slot, again and again, in a program that goes on."""
    application = QCoreApplication([])
    timer = QTimer()
    timer.timeout.connect(lambda: bug(address))
    timer.start(5)
    QTimer.singleShot(200, application.quit)
    application.exec()
    print("ended as usual")


@app.command()
def worker() -> None:
    """A bug in the thread of a session. What the window would show is printed."""
    application = QCoreApplication([])
    exercise = load_all().exercises["childs_pose"]
    guide = Guide((PlannedSet(exercise, hold_s=3.0),), load_phrases("en"))
    running = SessionWorker(
        lambda: Playlist([str(CLIP)], paced=False), lambda masks: broken_model(), guide
    )
    run(application, running)


@app.command()
def desk_worker() -> None:
    """A bug in the thread of the desk."""
    application = QCoreApplication([])
    running = DeskWorker(
        lambda: Playlist([str(CLIP)], paced=False),
        lambda masks: broken_model(),
        lambda calibration, before: DeskMonitor(calibration),
        profile=lambda name, size: Found(two_points()),
    )
    run(application, running)


def run(application: QCoreApplication, running: SessionWorker | DeskWorker) -> None:
    """Until the worker has ended."""

    def ended(sentence: str) -> None:
        print(sentence)
        application.quit()

    running.ended.connect(ended)
    running.start()
    application.exec()
    running.close()
    raise typer.Exit(0)


if __name__ == "__main__":
    sys.argv[0] = "posecheck"
    main()
