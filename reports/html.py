"""`DiagnosisReport` -> HTML with an environment of its own: autoescape on, a missing value stops the report."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import charts
from reports.blank import Blank
from reports.charts import Chart
from reports.labels import Labels
from reports.model import DiagnosisReport
from reports.model_people import Letter
from reports.model_pieces import Drawing
from reports.own_parts import Logo

TEMPLATES = Path(__file__).with_name("templates")
LOGO_MM = (70, 18)  # the most that a logo takes, wide and high


def to_html(report: DiagnosisReport, result: str = "") -> str:
    """Return the whole report as one HTML text with its style sheet and drawings inside; it refers to nothing outside.

    `result` is the result file that the report was made of; the PDF carries it as an attachment. Raises
    jinja2.UndefinedError when a template names a value that the report does not have.
    """
    label = Labels(report.lang)
    given = {"report": report, "label": label, "language": label.language}
    return environment().get_template("report.html").render(**given, attached=b64encode(result.encode()).decode())


def letter_to_html(letter: Letter) -> str:
    """Return the letter of truthfulness alone as one HTML text; it refers to nothing outside."""
    label = Labels(letter.lang)
    return environment().get_template("letter.html").render(letter=letter, label=label, language=label.language)


def blank_to_html(blank: Blank) -> str:
    """Return the blank questionnaire as one HTML text with its style sheets inside; it refers to nothing outside."""
    return environment().get_template("blank.html").render(blank=blank, words=blank.words)


@cache
def environment() -> Environment:
    """Return the report's own Jinja environment, shared by the whole process."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Both are SVG of our own making, in which every text is already escaped.
    made.filters["drawing"] = Markup
    made.filters["picture"] = _picture
    made.filters["logo"] = _logo
    for name, file in (("style_sheet", "report.css"), ("blank_style", "blank.css")):
        made.globals[name] = Markup((TEMPLATES / file).read_text(encoding="utf-8"))  # noqa: S704
    return made


def _picture(one: Chart | Drawing) -> Markup:
    if isinstance(one, Drawing):
        return Markup(one.svg)  # noqa: S704
    return Markup(charts.svg(one.options, one.width, one.height, one.alternative))  # noqa: S704


def _logo(one: Logo) -> Markup:
    """Return a logo with its bytes inside: `pdf.py` reads no other picture."""
    wide, high = size_of(one)
    data = b64encode(one.png).decode()
    size = Markup('style="width:{:.1f}mm;height:{:.1f}mm"').format(wide, high)
    return Markup('<img src="data:image/png;base64,{}" alt="{}" {}/>').format(data, one.alternative, size)


def size_of(one: Logo) -> tuple[float, float]:
    """Return how wide and high a logo is printed, in millimetres: as large as its place allows, in its proportions."""
    scale = min(LOGO_MM[0] / one.width, LOGO_MM[1] / one.height)
    return one.width * scale, one.height * scale
