"""The choice of the picture source: a camera by its name, a stream, or a video file."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from posecheck.coach.error_phrases import told
from posecheck.io.vision.camera import NO_CAMERA, NO_NAME
from posecheck.ui.settings.phone_guide import completed, phone_guide
from posecheck.ui.settings.source_list import Cameras, SourceList
from posecheck.ui.widgets.controls import announce, button, column, label
from posecheck.ui.widgets.field import field, line
from posecheck.ui.widgets.flow import Columns, Flow
from posecheck.ui.widgets.preview import CameraPreview, Preview

FILMS = "*.mp4 *.mov *.avi *.mkv *.webm *.m4v *.wmv *.mpg *.mpeg"
"""Endings of video files, as the dialog for files takes them."""
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
        self.test = button(phrases["ui_camera_test"], self._test_address)
        self._file = button(phrases["ui_camera_file"], self._choose_file)
        self._again = button(phrases["ui_camera_again"], self.look_again)
        self.preview = CameraPreview(phrases, preview)
        self.says = label("", "care")
        self.says.hide()
        self.works = label(phrases["ui_camera_works"], "lead")
        self.works.hide()
        self.look = button(phrases["ui_camera_show"], self.begin)
        self.look.hide()
        self.phone = button(phrases["ui_phone_title"], self._explain_phone)
        self.guide = phone_guide(phrases)
        self.guide.hide()
        buttons = Flow(12)
        for each in (self.look, self._again, self.phone):
            buttons.put(each)
        typed = Flow(12)
        for each in (self.test, self._file):
            typed.put(each)
        # Problems are shown at the top: with large texts the end of the page is out of sight.
        left = column(
            self.says,
            field(phrases["ui_camera_which"], self.names),
            self._address_field,
            typed,
            self.works,
            buttons,
            label(phrases["ui_camera_private"], "muted"),
            0,
            gap=14,
        )
        self.setLayout(Columns((left, column(self.preview, self.guide, 0)), gap=32))
        self.names.activated.connect(self._select)
        self.address.editingFinished.connect(self._use_address)
        self.preview.trouble.connect(self._show_trouble)
        self.preview.seen.connect(self._show_success)
        self._fill()

    def offer_look(self) -> None:
        """Show the button that starts the preview, for a page that does not start it itself."""
        self.look.show()

    def begin(self) -> None:
        """Start the preview of the chosen source, if there is one."""
        if self.names.without:
            self._say(self._phrases["ui_camera_without_about"])
        elif self.spec or not self.names.other:
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
        for each in (self._file, self.test):
            each.setVisible(self.names.other)
        self.works.hide()

    def _explain_phone(self) -> None:
        """Show or hide how a phone becomes the camera; show where its address is typed."""
        shown = self.guide.isHidden()
        self.guide.setVisible(shown)
        if shown and not self.names.other:
            self.names.setCurrentIndex(self.names.count() - 1)
            self._select()

    def _select(self) -> None:
        self._show_address()
        if self.names.other:
            self.preview.stop()
            self.address.setFocus()
            self._use_address()
        else:
            self._use(self.names.chosen)

    def _use_address(self) -> None:
        text = completed(self.address.text().strip())
        if text and text != self.spec:
            self.address.setText(text)
            self._use(text)

    def _test_address(self) -> None:
        """Open what is typed, also once more."""
        self._use_address()
        if self.spec and not self.preview.running:
            self.preview.show_source(self.spec)

    def _choose_file(self) -> None:
        kinds = f"{self._phrases['ui_camera_films']} ({FILMS})"
        every = f"{self._phrases['ui_camera_files']} (*)"
        title = self._phrases["ui_camera_file"]
        path, _ = QFileDialog.getOpenFileName(self, title, "", f"{kinds};;{every}")
        if path:
            self.address.setText(path)
            self._use(path)

    def _use(self, spec: str) -> None:
        self.spec = spec
        self._say("")
        self.works.hide()
        self.changed.emit(spec)
        if self.names.without:
            self.preview.stop()
            self._say(self._phrases["ui_camera_without_about"])
        else:
            self.preview.show_source(spec)

    def _show_success(self) -> None:
        """There is a picture. Of an address that was typed this is news."""
        self._say("")
        if self.names.other and self.works.isHidden():
            self.works.show()
            announce(self, self.works.text())

    def _show_trouble(self, sentence: str) -> None:
        """Show why the source gives no picture."""
        unfound = sentence.startswith(UNFOUND)
        self.works.hide()
        self._say(self._phrases["ui_camera_none"] if unfound else told(self._phrases, sentence))

    def _say(self, text: str) -> None:
        if text == self.says.text():
            return  # the preview retries a source; announce its problem once
        self.says.setText(text)
        self.says.setVisible(bool(text))
        if text:
            announce(self, text)
