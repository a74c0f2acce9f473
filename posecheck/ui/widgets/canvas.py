"""The painted part of a session page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from posecheck.coach.scene import Scene
from posecheck.pose import Side
from posecheck.ui.draw.painter import paint
from posecheck.ui.draw.picture import Picture
from posecheck.ui.draw.theme import SceneColours
from posecheck.ui.widgets.demonstration import Film, wants_motion


class Canvas(QWidget):
    """Paints the newest scene on the newest picture, and the exercise in motion beside it. A screen
    reader reads the word and the cue.

    drawn  a painting has ended

    image     the newest picture, None before the first
    scene     the newest scene
    mirrored  whether the camera's picture is shown as in a mirror
    """

    drawn = Signal()

    def __init__(self, theme: SceneColours, font_scale: float) -> None:
        super().__init__()
        self._theme, self._font_scale = theme, font_scale
        self._film = Film(self)
        self._film.stepped.connect(self.update)
        self.image: Picture | None = None
        self.scene = Scene("ready", "")
        self.mirrored = True
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_picture(self, image: Picture | None) -> None:
        """Replace the picture below the scene; None shows none."""
        self.image = image
        self.update()

    def show_scene(self, scene: Scene) -> None:
        """Replace the scene on the picture."""
        self.scene = scene
        self._film.show_exercise(scene.exercise, scene.working)
        self._follow()
        words = ". ".join(part for part in (scene.word, scene.cue, scene.detail) if part)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._film.stop()

    def _follow(self) -> None:
        """Play the film while it helps: not in a hold, which it would show how to leave."""
        if self.scene.shows_motion and self.isVisible() and wants_motion(self):
            self._film.play()
        else:
            self._film.stop()

    def _demonstration(self, exercise: str, side: Side | None) -> QImage | None:
        """What the painter draws for the scene's exercise."""
        return self._film.image(calm=self.scene.shows_motion and not wants_motion(self))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint(
                painter, QRectF(self.rect()), self.image, self.scene, colours=self._theme,
                pictures=self._demonstration, mirrored=self.mirrored, font_scale=self._font_scale,
            )  # fmt: skip
        self.drawn.emit()
