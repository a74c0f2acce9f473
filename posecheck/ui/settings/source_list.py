"""A list of the cameras of this computer, with lines for no camera, and for a stream or a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from posecheck.io.vision.camera import CameraInfo
from posecheck.io.vision.no_camera import NO_CAMERA_SPEC
from posecheck.ui.widgets.choices import Chooser

Cameras = Callable[[], Sequence[CameraInfo]]
"""Lists the cameras of this computer (`posecheck.io.vision.camera.list_cameras`)."""


class SourceList(Chooser):
    """Lists cameras by name. A name survives a change of USB ports, an index does not; cameras that
    share a name can only be told apart by index.

    default  text of a first line that stands for the spec ""; "" for no such line. Without it the
             first camera stands for ""
    """

    def __init__(self, phrases: Mapping[str, str], default: str = "") -> None:
        super().__init__()
        self._phrases, self._default = phrases, default

    def fill(self, found: Sequence[CameraInfo], spec: str) -> None:
        """List these cameras and choose the line of `spec`, the last one if no other has it."""
        often = Counter(info.name for info in found)
        self.clear()
        if self._default:
            self.addItem(self._default, "")
        for info in found:
            unique = often[info.name] == 1 and info.name
            words = info.name if unique else f"{info.name} ({info.index})"
            self.addItem(words, info.name if unique else str(info.index))
        self.addItem(self._phrases["ui_camera_without"], NO_CAMERA_SPEC)
        self.addItem(self._phrases["ui_camera_other"])
        known = self.findData(spec) if spec or self._default or not found else 0
        self.setCurrentIndex(known if known >= 0 else self.count() - 1)

    @property
    def without(self) -> bool:
        """Whether the line for no camera is chosen."""
        return bool(self.currentData() == NO_CAMERA_SPEC)

    @property
    def other(self) -> bool:
        """Whether the last line is chosen: the user types the source."""
        return self.currentIndex() == self.count() - 1

    @property
    def chosen(self) -> str:
        """The spec of the chosen line, for `open_source`; "" for the last line."""
        return "" if self.other else str(self.currentData())
