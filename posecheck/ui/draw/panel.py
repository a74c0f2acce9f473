"""The panel beside the picture: ring and number, instruction picture, seconds so far, options."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from posecheck.coach.scene import DisplayState, Option
from posecheck.ui.draw.lettering import height_of, letter_digits
from posecheck.ui.draw.picture import contained
from posecheck.ui.draw.sheet import GAP, Icon, Sheet

UNIT_PX, SECONDS_PX, OPTION_PX = 56.0, 56.0, 64.0
"""Sizes of letters, pixels of the design: of the unit of the count, of the seconds by verdict, and
of the options."""
SECONDS_WIDTH, SECONDS_HEIGHT = 5.2, 1.5
"""Width of an icon with "1234 s", and height of a row of them, in letter sizes."""
ONE_ROW = 0.7
"""Share of SECONDS_WIDTH that is enough to place the seconds in one row. Rows take the height of
the picture, and most sets have two digits; longer numbers are written smaller."""
MIN_PICTURE_WIDTH = 110.0
"""Width of the smallest instruction picture that is still clear, pixels of the design."""
RING_WIDTH = 0.055
"""Thickness of the ring, in diameters."""
SIDE_BY_SIDE = 0.95
"""Width / height of the panel from which on the picture is placed beside the ring, not below it."""
INSTRUCTION_ASPECT = 4 / 3
"""Width / height of an instruction picture."""


class Panel:
    """Fills one box of a sheet."""

    def __init__(self, sheet: Sheet, box: QRectF) -> None:
        sheet.box(box, sheet.colours.card)
        pad = sheet.unit * GAP * 1.2
        self._sheet = sheet
        self._gap = sheet.unit * GAP
        self._box = box.adjusted(pad, pad, -pad, -pad)
        self._seconds_px = sheet.size * SECONDS_PX

    def show(self) -> None:
        """Show what the words contain of count, picture and seconds so far."""
        words, box = self._sheet.words, self._box
        others = words.picture or bool(words.seconds_by_verdict)
        if not words.count:
            self._below_each_other(box)
        elif not others:
            side = min(box.width(), box.height())
            self._ring(_centred(box, side, side))
        elif box.width() >= SIDE_BY_SIDE * box.height():
            least = SECONDS_WIDTH * self._seconds_px + 1.3 * self._gap
            side = min(box.height(), 0.64 * box.width(), box.width() - least)
            self._ring(QRectF(box.x(), box.center().y() - side / 2, side, side))
            self._column(box.adjusted(side + 1.3 * self._gap, 0, 0, 0))
        else:
            side = min(box.width(), 0.62 * box.height())
            self._ring(QRectF(box.center().x() - side / 2, box.y(), side, side))
            self._below_each_other(box.adjusted(0, side + self._gap, 0, 0))

    def _column(self, box: QRectF) -> None:
        """Picture and seconds in the middle of the height. In a narrow column the seconds take
        three rows."""
        words = self._sheet.words
        rows = 1 if box.width() >= 3 * ONE_ROW * SECONDS_WIDTH * self._seconds_px else 3
        high = SECONDS_HEIGHT * self._seconds_px * rows if words.seconds_by_verdict else 0.0
        high = min(high, box.height())
        between = self._gap if words.seconds_by_verdict and words.picture else 0.0
        shown = contained(box.adjusted(0, 0, 0, -high - between), INSTRUCTION_ASPECT)
        if not words.picture or shown.width() < MIN_PICTURE_WIDTH * self._sheet.unit:
            shown = QRectF(box.center().x(), 0, 0, 0)
        top = box.center().y() - (shown.height() + between + high) / 2
        if shown.width():
            shown.moveTop(round(top))
            self._sheet.page.picture = shown
        if words.seconds_by_verdict:
            wide = SECONDS_WIDTH * self._seconds_px * (3 if rows == 1 else 1)
            wide = min(box.width(), max(wide, shown.width()))
            left = shown.center().x() - wide / 2
            self._seconds(
                words.seconds_by_verdict,
                QRectF(left, top + shown.height() + between, wide, high),
                rows,
            )

    def _below_each_other(self, box: QRectF) -> None:
        """The picture, and the seconds in a row at the bottom. Without count and picture the
        seconds are large."""
        words = self._sheet.words
        if words.seconds_by_verdict and not words.picture and not words.count:
            high = min(0.8 * box.height(), 0.6 * box.width())
            self._seconds(words.seconds_by_verdict, _centred(box, 0.9 * high, high), 3)
            return
        if words.seconds_by_verdict:
            high = min(SECONDS_HEIGHT * self._seconds_px, 0.45 * box.height())
            row = QRectF(box.x(), box.bottom() - high, box.width(), high)
            self._seconds(words.seconds_by_verdict, row, 1)
            box = box.adjusted(0, 0, 0, -high - self._gap)
        shown = contained(box, INSTRUCTION_ASPECT)
        if words.picture and shown.width() >= MIN_PICTURE_WIDTH * self._sheet.unit:
            self._sheet.page.picture = shown

    def _ring(self, square: QRectF) -> None:
        """The ring with the count in it, and the unit below the count."""
        sheet = self._sheet
        sheet.page.ring = square
        side, centre = square.width(), square.center()
        inside = side * (0.5 - 1.35 * RING_WIDTH)
        unit = min(sheet.size * UNIT_PX, 0.11 * side) if sheet.words.unit else 0.0
        digits = letter_digits(sheet.words.count, centre, inside, 0.75 * unit, sheet.colours.ink)
        sheet.page.texts.append(digits)
        if not unit:
            return
        top = digits.rect.bottom() + 0.4 * unit
        low = min(inside, top + height_of(unit) - centre.y())
        half = max(unit, (inside**2 - low**2) ** 0.5)
        box = QRectF(centre.x() - half, top, 2 * half, height_of(unit) + 1)
        sheet.text(sheet.words.unit, box, UNIT_PX, sheet.colours.muted, align="centre")

    def _seconds(self, seconds_by_verdict: tuple[int, int, int], box: QRectF, rows: int) -> None:
        """The seconds that were correct, wrong and not seen, each with the icon of its state."""
        sheet, columns = self._sheet, 3 // rows
        states: tuple[DisplayState, ...] = ("active", "paused", "unseen")
        width, height = box.width() / columns, box.height() / rows
        size = max(SECONDS_PX, 0.6 * height / sheet.size) if rows == 3 else SECONDS_PX
        icon = min(0.55 * height, 0.26 * width, 0.85 * sheet.size * size)
        for index, (display_state, seconds) in enumerate(
            zip(states, seconds_by_verdict, strict=True)
        ):
            x, y = box.x() + (index % columns) * width, box.y() + (index // columns) * height
            at = QRectF(x, y + (height - icon) / 2, icon, icon)
            sheet.page.icons.append(Icon(display_state, at, sheet.colours.states[display_state]))
            text = QRectF(x + 1.45 * icon, y, width - 1.45 * icon, height)
            sheet.text(f"{seconds} s", text, size, sheet.colours.ink)

    def choose(self, options: tuple[Option, ...]) -> None:
        """Show the options instead: caps and words, one below the other, as large as they fit."""
        sheet, box, gap = self._sheet, self._box, self._gap
        height = min(sheet.size * 120, (box.height() + gap) / len(options) - gap)
        size = min(OPTION_PX, 0.5 * height / sheet.size)
        cap = max(height, *(sheet.width(o.key, size, True) + 0.6 * height for o in options))
        cap, between = min(cap, 0.4 * box.width()), 1.6 * gap
        words = max(sheet.width(option.words, size) for option in options)
        words = min(words, box.width() - cap - between)
        x = box.center().x() - (cap + between + words) / 2
        y = box.center().y() - (len(options) * (height + gap) - gap) / 2
        for option in options:
            sheet.key(option.key, QRectF(x, y, cap, height), size)
            beside = QRectF(x + cap + between, y, words, height)
            sheet.text(option.words, beside, size, sheet.colours.ink, rows=2)
            y += height + gap


def _centred(box: QRectF, width: float, height: float) -> QRectF:
    centre = box.center()
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
