"""The drawn part of a session's page."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from posecheck.scene import Scene
from posecheck.ui.painter import Picture, paint
from posecheck.ui.theme import Theme


class Canvas(QWidget):
    """Draws the newest scene. A screen reader reads its word and its cue.

    drawn_s  time.perf_counter() at the end of the last drawing
    """

    def __init__(
        self, theme: Theme, pictures: Callable[[str], QImage | None], font_scale: float
    ) -> None:
        super().__init__()
        self._theme, self._pictures, self._font_scale = theme, pictures, font_scale
        self._image: Picture | None = None
        self.scene = Scene("ready", "")
        self.drawn_s = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_scene(self, image: Picture | None, scene: Scene) -> None:
        self._image, self.scene = image, scene
        words = ". ".join(part for part in (scene.word, scene.cue, scene.detail) if part)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint(
            painter, QRectF(self.rect()), self._image, self.scene, look=self._theme,
            pictures=self._pictures, font_scale=self._font_scale,
        )  # fmt: skip
        painter.end()
        self.drawn_s = time.perf_counter()
