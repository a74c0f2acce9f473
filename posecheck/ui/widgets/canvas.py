"""The drawn part of a session's page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from posecheck.coach.scene import Scene
from posecheck.ui.draw.painter import Pictures, paint
from posecheck.ui.draw.picture import Picture
from posecheck.ui.draw.theme import Theme


class Canvas(QWidget):
    """Draws the newest scene on the newest picture. A screen reader reads its word and its cue.

    The skeleton of a scene is of a picture before the newest one. In one frame of the recordings
    (15 a second, so 66 ms) a joint moves by 0.4 % of a trunk's length (median; p95 6 %). Reckoning
    it forward by its speed leaves 5 % at p95: by speeds above 0.15 trunks a second alone a body
    that is still hardly trembles more (0.24 to 0.25 %), but it is little gain for one more thing to
    get wrong.

    drawn  a drawing has ended
    """

    drawn = Signal()

    def __init__(self, theme: Theme, pictures: Pictures, font_scale: float) -> None:
        super().__init__()
        self._theme, self._pictures, self._font_scale = theme, pictures, font_scale
        self.image: Picture | None = None
        self.scene = Scene("ready", "")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_picture(self, image: Picture | None) -> None:
        """Another picture below the same scene, or none."""
        self.image = image
        self.update()

    def show_scene(self, scene: Scene) -> None:
        """Another scene on the same picture."""
        self.scene = scene
        words = ". ".join(part for part in (scene.word, scene.cue, scene.detail) if part)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint(
            painter, QRectF(self.rect()), self.image, self.scene, look=self._theme,
            pictures=self._pictures, font_scale=self._font_scale,
        )  # fmt: skip
        painter.end()
        self.drawn.emit()
