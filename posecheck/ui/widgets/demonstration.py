"""Exercises shown in motion: a short film that repeats, mirrored for the other side.

With reduced motion, and where there is no film, a still is shown; of repetitions it shows both ends
of the movement. The films are `routines/pictures/<exercise>.mp4`. They are decoded one picture at a
time, and only while the widget is visible.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QShowEvent,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from posecheck.io.paths import data_folder
from posecheck.io.vision.film_loop import FilmLoop
from posecheck.pose import Side
from posecheck.ui.draw.picture import image_of, scaled_once
from posecheck.ui.widgets.pictures import (
    PICTURE_RADIUS,
    Proportioned,
    paint_cover,
    picture_of,
    read_picture,
    two_ends,
    working_sides,
)

REDUCED_MOTION = "reducedMotion"
"""Property of a window whose user does not want motion."""
GAP_PX = 8
"""Between the two ends of a movement in a still."""


def film_of(exercise: str) -> Path | None:
    """The film of an exercise; None for an exercise without one."""
    path = data_folder("routines") / "pictures" / f"{exercise}.mp4"
    return path if path.is_file() else None


def wants_motion(widget: QWidget) -> bool:
    """Whether the window of a widget may show motion: neither posecheck's setting nor the system's
    asks for less. Qt reports the system's from version 6.12 on."""
    accessibility = getattr(QGuiApplication.styleHints(), "accessibility", None)
    hint = getattr(accessibility and accessibility(), "motionPreference", None)
    system = hint is not None and hint().name == "ReducedMotion"
    return not (system or widget.window().property(REDUCED_MOTION))


@lru_cache(maxsize=64)
def still_of(exercise: str, side: Side | None) -> QImage | None:
    """The instruction picture of an exercise for a working side, as a camera (and not a mirror)
    would see it. None when the exercise has none."""
    image = read_picture(picture_of(exercise))
    return None if image.isNull() else _turned(image, exercise, side)


@lru_cache(maxsize=8)
def ends_of(exercise: str, side: Side | None) -> QImage | None:
    """As `still_of`; of repetitions with both ends of the movement, the first one first."""
    goal, film, place = still_of(exercise, side), film_of(exercise), two_ends().get(exercise)
    if goal is None or film is None or place is None:
        return goal
    loop = FilmLoop(film)
    first = loop.next()
    loop.close()
    if first is None:
        return goal
    start = _turned(image_of(first).copy(), exercise, side)
    return _both(start, goal, beside=place == "beside")


def _both(start: QImage, goal: QImage, *, beside: bool) -> QImage:
    """Two images of one size in an image of that size: the middle half of each, beside each other
    for upright bodies, one above the other for lying ones."""
    made = QImage(goal.size(), QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.white)
    width, height = float(goal.width()), float(goal.height())
    half = ((width - GAP_PX) / 2, height) if beside else (width, (height - GAP_PX) / 2)
    cut = QRectF((width - half[0]) / 2, (height - half[1]) / 2, *half)
    with QPainter(made) as painter:
        painter.drawImage(QRectF(0, 0, *half), start, cut)
        painter.drawImage(QRectF(width - half[0], height - half[1], *half), goal, cut)
    return made


def _turned(image: QImage, exercise: str, side: Side | None) -> QImage:
    """The image for a working side."""
    shown = working_sides().get(exercise)
    flipped = side is not None and shown is not None and side != shown
    return image.transformed(QTransform.fromScale(-1, 1)) if flipped else image


class Film(QObject):
    """The moving picture of one exercise at a time. It stands until `play`.

    stepped  there is another image
    """

    stepped = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exercise = ""
        self._side: Side | None = None
        self._loop: FilmLoop | None = None
        self._image: QImage | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)  # coarse timers make it stutter
        self._timer.timeout.connect(self._step)

    @property
    def playing(self) -> bool:
        """Whether it moves now."""
        return self._timer.isActive()

    def image(self, *, calm: bool) -> QImage | None:
        """What to show now; None for nothing. `calm`: a still that tells all of the movement, for a
        user who wants no motion."""
        if calm:
            return ends_of(self._exercise, self._side)
        if self._image is not None:
            return self._image
        return still_of(self._exercise, self._side)

    def show_exercise(self, exercise: str, side: Side | None) -> None:
        """Show another exercise or another side; "" shows nothing."""
        if (exercise, side) == (self._exercise, self._side):
            return
        playing = self.playing
        self.stop()
        self._exercise, self._side = exercise, side
        if playing:
            self.play()

    def play(self) -> None:
        """Move, from the beginning of the film."""
        path = film_of(self._exercise)
        if self.playing or path is None:
            return
        self._loop = FilmLoop(path)
        self._step()
        if self._image is not None:
            self._timer.start(round(1000 * self._loop.interval_s))

    def stop(self) -> None:
        """Show the still, and cost nothing."""
        self._timer.stop()
        self._image = None
        if self._loop is not None:
            self._loop.close()
            self._loop = None

    def _step(self) -> None:
        picture = self._loop.next() if self._loop is not None else None
        if picture is None:
            self.stop()
        else:
            # Qt draws this format twice as fast as that of the film.
            image = image_of(picture).convertToFormat(QImage.Format.Format_RGB32)
            self._image = _turned(image, self._exercise, self._side)
        self.stepped.emit()


class Demonstration(Proportioned):
    """Shows an exercise in motion, in a place with round corners. It is decoration, without a text
    for a screen reader: the words beside it say the same.

    ratio  width / height of the place. What does not fit at the edges of the picture is cut off
    """

    TALLEST = 330
    """Maximum height, pixels: a place over the whole width of a screen must leave room for words.
    The films are 360 pixels high."""

    def __init__(self, ratio: float = 4 / 3, radius: int = PICTURE_RADIUS) -> None:
        super().__init__(ratio, width=320)
        self._radius = radius
        self._film = Film(self)
        self._film.stepped.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def playing(self) -> bool:
        """Whether it moves now."""
        return self._film.playing

    def heightForWidth(self, width: int) -> int:
        return min(self.TALLEST, super().heightForWidth(width))

    def show_exercise(self, exercise: str, side: Side | None = None) -> None:
        """Show an exercise, by its id; the place is hidden for one without a picture. `side`: the
        side that works, None for that of the film."""
        self._film.show_exercise(exercise, side)
        self.setVisible(picture_of(exercise) is not None)
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop while it cannot be seen."""
        super().hideEvent(event)
        self._film.stop()

    def _follow(self) -> None:
        """Play while it is visible and motion is wanted."""
        if self.isVisible() and wants_motion(self):
            self._film.play()
        else:
            self._film.stop()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._film.playing and not wants_motion(self):  # the setting was changed meanwhile
            self._film.stop()
        image = self._film.image(calm=not wants_motion(self))
        if image is None:
            return
        with QPainter(self) as painter:
            painter.setOpacity(1.0 if self.isEnabled() else 0.45)
            scale_to = None if self._film.playing else scaled_once
            paint_cover(painter, QRectF(self.rect()), image, self._radius, scale_to)
