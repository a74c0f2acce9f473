"""The painted part of a session page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from posecheck.coach.scene import Scene
from posecheck.ui.draw.painter import Pictures, paint
from posecheck.ui.draw.picture import Picture
from posecheck.ui.draw.theme import SceneColours


class Canvas(QWidget):
    """Paints the newest scene on the newest picture. A screen reader reads the word and the cue.

    drawn  a painting has ended

    image     the newest picture, None before the first
    scene     the newest scene
    mirrored  whether the camera's picture is shown as in a mirror
    """

    drawn = Signal()

    def __init__(self, theme: SceneColours, pictures: Pictures, font_scale: float) -> None:
        super().__init__()
        self._theme, self._pictures, self._font_scale = theme, pictures, font_scale
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
        words = ". ".join(part for part in (scene.word, scene.cue, scene.detail) if part)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint(
                painter, QRectF(self.rect()), self.image, self.scene, colours=self._theme,
                pictures=self._pictures, mirrored=self.mirrored, font_scale=self._font_scale,
            )  # fmt: skip
        self.drawn.emit()
