"""Pages as PDF: Qt prints the same HTML; the charts of a report are drawn from their SVG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QRectF, QUrl
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument
from PySide6.QtSvg import QSvgRenderer

from posecheck.history.report import Report
from posecheck.io.output import OutputError, replacing, writing
from posecheck.io.report.charts import Chart
from posecheck.io.report.html import STYLE, report_body
from posecheck.io.report.words import Phrases
from posecheck.ui.application import gui_application

MARGIN_MM = 14.0
FINE = 3
"""Pixels of a chart's picture for each of its own, so that it is sharp on paper."""
DPI = 96
"""Pixels of an inch, as the page is laid out; the PDF's own resolution is a multiple."""
CHART_SCALE = 0.98
"""Share of the page's width that a chart of 680 pixels takes."""


def write_pdf(phrases: Phrases, report: Report, path: Path) -> None:
    """Write the report to `path`, completely or not at all. Raises OutputError, and SystemProblem
    where nothing can be drawn."""

    def compose(document: QTextDocument, width: float) -> str:
        scale = width * CHART_SCALE / 680

        def place(chart: Chart) -> str:
            url = f"chart:{chart.name}"
            document.addResource(
                QTextDocument.ResourceType.ImageResource.value, QUrl(url), _picture(chart)
            )
            size = f"width='{chart.width * scale:.0f}' height='{chart.height * scale:.0f}'"
            return f"<img src='{url}' {size}>"

        return report_body(phrases, report, place)

    print_pdf(compose, phrases["report_title"], path)


def print_pdf(compose: Callable[[QTextDocument, float], str], title: str, path: Path) -> None:
    """Print a page to `path`, completely or not at all. Raises as `write_pdf`.

    compose  gets the document, to which it may add pictures, and the width of the page in pixels;
             returns what is between <body> and </body>
    """
    gui_application(headless=True)
    with replacing(path) as part:
        with writing(path):
            part.unlink(missing_ok=True)
            part.touch(mode=0o600)  # it is health data: only its owner may read it
        _print(compose, title, part)
        if part.stat().st_size == 0:
            raise OutputError(f"{path} cannot be written. Choose another place.")


def _print(compose: Callable[[QTextDocument, float], str], title: str, path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(DPI)
    writer.setTitle(title)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    page = QRectF(writer.pageLayout().paintRectPixels(DPI))
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(STYLE)
    document.setHtml(f"<body>{compose(document, page.width())}</body>")
    document.setPageSize(page.size())
    with QPainter(writer) as painter:
        for number in range(document.pageCount()):
            if number:
                writer.newPage()
            painter.save()
            painter.translate(0, -number * page.height())
            window = QRectF(0, number * page.height(), page.width(), page.height())
            document.drawContents(painter, window)
            painter.restore()


def _picture(chart: Chart) -> QImage:
    """The chart on white, in fine pixels."""
    image = QImage(chart.width * FINE, chart.height * FINE, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    with QPainter(image) as painter:
        QSvgRenderer(QByteArray(chart.svg.encode())).render(painter)
    return image
