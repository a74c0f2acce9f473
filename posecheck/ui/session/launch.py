"""Makes the page of a session with the user's settings, for the main window and for the desk."""

from __future__ import annotations

from collections.abc import Mapping

from posecheck.io.audio.transcript import Transcript
from posecheck.io.audio.voice import Voice, sound_of
from posecheck.io.store.settings import Settings
from posecheck.ui.session.page import SessionPage
from posecheck.ui.session.request import SessionRequest

NO_ENGINE = "none"
"""An engine name that Qt does not have, so that no speech engine is started."""


def session_page(
    request: SessionRequest,
    phrases: Mapping[str, str],
    settings: Settings,
    transcript: Transcript | None = None,
    told: set[str] | None = None,
) -> SessionPage:
    """The page of this session.

    transcript  gets everything that is said
    told        the notices that earlier sessions have shown, as for `SessionPage`
    """

    def voice() -> Voice:
        # An engine takes seconds to start, so none is started when nothing is to be spoken.
        engine = NO_ENGINE if settings.talk == "off" else None
        return Voice(
            settings.talk,
            phrases["language_code"],
            engine=engine,
            transcript=transcript,
            sound=sound_of(settings),
        )

    return SessionPage(
        request,
        phrases,
        voice,
        settings.theme,
        settings.text_scale,
        told,
        mirrored=settings.mirror_view,
        captions=settings.captions,
    )
