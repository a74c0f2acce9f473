"""The choice of the picture source: a camera by its name, a stream, or a video file."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from posecheck.coach.error_phrases import told
from posecheck.io.vision.camera import NO_CAMERA, NO_NAME
from posecheck.ui.settings.source_list import Cameras, SourceList
from posecheck.ui.widgets.controls import announce, button, column, label, row
from posecheck.ui.widgets.field import field, line
from posecheck.ui.widgets.flow import Columns, Flow
from posecheck.ui.widgets.preview import CameraPreview, Preview

UNFOUND = (NO_CAMERA, NO_NAME)
"""Beginnings of the error sentences about a missing camera. Their ends give command-line advice, so
the window shows a sentence of its own instead."""


class CameraChoice(QWidget):
    """A list of sources with a preview. `changed` gives the chosen source for `open_source`.

    spec  the source that is chosen now; "" is the first camera
    """

    changed = Signal(str)

    def __init__(
        self, phrases: Mapping[str, str], cameras: Cameras, preview: Preview, spec: str = ""
    ) -> None:
        super().__init__()
        self._phrases, self._cameras = phrases, cameras
        self.spec = spec
        self.names = SourceList(phrases)
        self.address = line(phrases["ui_camera_address"], phrases["ui_camera_example"])
        self._address_field = field(phrases["ui_camera_address"], self.address)
        self._file = button(phrases["ui_camera_file"], self._choose_file)
        self._again = button(phrases["ui_camera_again"], self.look_again)
        self.preview = CameraPreview(phrases, preview)
        self.says = label("", "care")
        self.says.hide()
        self.look = button(phrases["ui_camera_show"], self.begin)
        self.look.hide()
        buttons = Flow(12)
        buttons.put(self.look)
        buttons.put(self._again)
        # Problems are shown at the top: with large texts the end of the page is out of sight.
        left = column(
            self.says,
            field(phrases["ui_camera_which"], self.names),
            self._address_field,
            row(self._file, 0),
            buttons,
            label(phrases["ui_camera_private"], "muted"),
            0,
            gap=14,
        )
        self.setLayout(Columns((left, column(self.preview, 0)), gap=32))
        self.names.activated.connect(self._select)
        self.address.editingFinished.connect(self._use_address)
        self.preview.trouble.connect(self._show_trouble)
        self.preview.seen.connect(lambda: self._say(""))
        self._fill()

    def offer_look(self) -> None:
        """Show the button that starts the preview, for a page that does not start it itself."""
        self.look.show()

    def begin(self) -> None:
        """Start the preview of the chosen source, if there is one."""
        if self.spec or not self.names.other:
            self.preview.show_source(self.spec or self.names.chosen)
        else:
            self._say(self._phrases["ui_camera_none"])

    def look_again(self) -> None:
        """List the cameras again, after the user has connected one."""
        self._fill()
        self.begin()

    def _fill(self) -> None:
        found = list(self._cameras())
        self.names.fill(found, self.spec)
        if self.names.other:
            self.address.setText(self.spec)
        self._say("" if found or self.spec else self._phrases["ui_camera_none"])
        self._show_address()

    def _show_address(self) -> None:
        self._address_field.setVisible(self.names.other)
        self._file.setVisible(self.names.other)

    def _select(self) -> None:
        self._show_address()
        if self.names.other:
            self.preview.stop()
            self.address.setFocus()
            self._use_address()
        else:
            self._use(self.names.chosen)

    def _use_address(self) -> None:
        text = self.address.text().strip()
        if text and text != self.spec:
            self._use(text)

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self._phrases["ui_camera_file"])
        if path:
            self.address.setText(path)
            self._use(path)

    def _use(self, spec: str) -> None:
        self.spec = spec
        self._say("")
        self.changed.emit(spec)
        self.preview.show_source(spec)

    def _show_trouble(self, sentence: str) -> None:
        """Show why the source gives no picture."""
        unfound = sentence.startswith(UNFOUND)
        self._say(self._phrases["ui_camera_none"] if unfound else told(self._phrases, sentence))

    def _say(self, text: str) -> None:
        if text == self.says.text():
            return  # the preview retries a source; announce its problem once
        self.says.setText(text)
        self.says.setVisible(bool(text))
        if text:
            announce(self, text)
