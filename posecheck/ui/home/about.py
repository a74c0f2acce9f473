"""The page that says what posecheck is not, when to get medical help, and what is private."""

from __future__ import annotations

from collections.abc import Mapping

from posecheck.session.safety import DISCLAIMER
from posecheck.ui.settings.safety_questions import emergency
from posecheck.ui.widgets.controls import Page, button, card, column, label


class AboutPage(Page):
    """The emergency signs come first, then the disclaimer, then privacy."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__(phrases["ui_about_title"])
        texts = (("ui_disclaimer_title", DISCLAIMER), ("ui_private_title", "ui_private_text"))
        cards = [
            card(column(label(phrases[title], "heading"), label(phrases[text])))
            for title, text in texts
        ]
        title = label(phrases["ui_about_title"], "title")
        self.put(column(title, emergency(phrases), *cards, 0, gap=16))
        self.first = button(phrases["ui_back"], self.left.emit)
        self.foot(self.first, 0)
