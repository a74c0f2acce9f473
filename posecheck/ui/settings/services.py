"""What the settings pages need from the computer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posecheck.ui.settings.source_list import Cameras
from posecheck.ui.settings.voice_choice import Speak
from posecheck.ui.widgets.preview import Preview


@dataclass(frozen=True, slots=True)
class Services:
    """The cameras, their pictures and a voice, as callables.

    voices  lists the names of the voices for the language; it may take seconds
    hush    ends what is spoken
    """

    cameras: Cameras
    preview: Preview
    speak: Speak
    voices: Callable[[], Sequence[str]] = tuple
    hush: Callable[[], None] = lambda: None
