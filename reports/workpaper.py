"""The workpaper (评分底稿): a workbook whose formulas compute every conclusion again from the answers.

Anybody can audit it: each number is a formula with its rule beside it, from the answers over all steps in between to
the verdicts, and every verdict is held against what the system found. The same diagnosis gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from questionnaires.model import Text
from reports import workpaper_answers as of_answers
from reports import workpaper_cover as of_cover
from reports import workpaper_gates as of_gates
from reports import workpaper_indicators as of_indicators
from reports import workpaper_maturity as of_maturity
from reports import workpaper_options as of_options
from reports import workpaper_points as of_points
from reports import workpaper_requirements as of_requirements
from reports import workpaper_scores as of_scores
from reports.given import Given
from reports.plan_workbook import FONTS
from reports.spreadsheet import Spreadsheet
from reports.workpaper_answers import write_answers
from reports.workpaper_conditions import Conditions
from reports.workpaper_cover import write_cover
from reports.workpaper_exact import judging
from reports.workpaper_gates import Gates
from reports.workpaper_indicators import Indicators, Path
from reports.workpaper_maturity import Levels
from reports.workpaper_options import write_options
from reports.workpaper_page import Column, Page, Paper
from reports.workpaper_points import Points
from reports.workpaper_requirements import write_requirements
from reports.workpaper_scores import LevelScores
from scoring.model import Assessment, GatesCriteria, MaturityCriteria, PointsCriteria


def workpaper(given: Given, lang: str) -> bytes:
    """Return the workpaper of a diagnosis as an .xlsx in Chinese ("zh") or English ("en")."""
    made_at = datetime.combine(given.edition.day, time(), UTC)
    title = of_cover.HEADLINE.zh if lang == "zh" else of_cover.HEADLINE.en
    book = Spreadsheet(f"{given.filled.firm.name} {title}", made_at, FONTS[lang])
    return _Workpaper(Paper(given, lang, book)).write()


class _Workpaper:
    """The sheets of one workpaper, in the order in which one follows from the other."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.given = paper, paper.given
        every = judging(self.given)
        self.tables = [one for one in every if isinstance(one, MaturityCriteria)]
        gates = {one.judges for one in every if isinstance(one, GatesCriteria)}
        self.cover = paper.book.sheet(paper.say(of_cover.NAME), of_cover.WIDTHS)
        self.answers = self._page(of_answers.NAME, of_answers.TITLE, of_answers.NOTE, of_answers.COLUMNS)
        if self.tables:
            columns = of_requirements.columns(self.tables)
            self.requirements = self._page(of_requirements.NAME, of_requirements.TITLE, of_requirements.NOTE, columns)
        self.indicators = self._page(of_indicators.NAME, of_indicators.NAME, of_indicators.NOTE, of_indicators.COLUMNS)
        if self.tables:
            self.scores = self._page(of_scores.NAME, of_scores.TITLE, of_scores.NOTE, of_scores.COLUMNS)
            self.maturity = self._page(of_maturity.NAME, of_maturity.TITLE, of_maturity.NOTE, of_maturity.COLUMNS)
        self.gates = {
            kind: self._page(of_gates.NAMES[kind], of_gates.TITLES[kind], of_gates.NOTE, of_gates.COLUMNS)
            for kind in of_gates.NAMES
            if kind in gates
        }
        if any(isinstance(one, PointsCriteria) for one in every):
            self.points = self._page(of_points.NAME, of_points.TITLE, of_points.NOTE, of_points.COLUMNS)
        self.options = self._page(of_options.NAME, of_options.TITLE, of_options.NOTE, of_options.COLUMNS)

    def _page(self, name: Text, title: Text, note: Text, columns: Sequence[Column]) -> Page:
        return self.paper.page(title, self.paper.say(name), note, columns)

    def write(self) -> bytes:
        """Write every sheet, the cover last, and return the file."""
        options = write_options(self.options)
        answers = write_answers(self.answers, options.lists)
        indicators = Indicators(self.indicators, answers)
        conditions = Conditions(self.paper, answers, indicators)
        required = write_requirements(self.requirements, options, self.tables) if self.tables else None
        for assessment in self.given.assessments:
            criteria, path = self.given.criteria.criteria[assessment.criteria_id], self._path(assessment)
            if isinstance(criteria, MaturityCriteria) and required is not None:
                times = options.degrees[criteria.id].times
                scores = LevelScores(self.scores, criteria, required, times).write()
                counted = Levels(self.maturity, criteria, assessment, conditions).write(scores, path)
            elif isinstance(criteria, PointsCriteria):
                counted = Points(self.points, answers, options, conditions).write(criteria, assessment, path)
            elif isinstance(criteria, GatesCriteria):
                counted = Gates(self.gates[criteria.judges], conditions).write(criteria, assessment, path)
            indicators.outcomes.append(counted)
        self._finish()
        write_cover(self.cover, self.paper)
        return self.paper.book.content()

    def _path(self, assessment: Assessment) -> Path:
        return tuple(reversed(self.given.path(assessment.subject_key)))

    def _finish(self) -> None:
        self.indicators.finish()
        if self.tables:
            self.scores.finish()
            self.maturity.finish((of_maturity.FOUND, of_maturity.GIVEN), of_maturity.SAME)
        for page in self.gates.values():
            page.finish((of_gates.FOUND, of_gates.GIVEN), of_gates.SAME)
        if any(isinstance(one, PointsCriteria) for one in judging(self.given)):
            self.points.finish((of_points.FOUND, of_points.GIVEN), of_points.SAME)
