"""What all plans for one firm share: its projects, where it stands by now, its goals as a program. Each found once.

Around a plan much more is computed: other plans, other levels, what is reached after each quarter. All of it begins
from the same ground.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from questionnaires.model import FilledDiagnosis
from scoring.goals import Goal
from scoring.model import Assessment, CriteriaSet
from scoring.plan_program import Planning
from scoring.plan_rows import program_for
from scoring.projects import Project, projects_of
from scoring.standing import stand
from scoring.standing_again import stand_again
from scoring.what_if import after_projects


class Ground:
    """A firm and the criteria; the same firm and criteria give the same ground."""

    def __init__(self, filled: FilledDiagnosis, criteria: CriteriaSet) -> None:
        self.filled, self.criteria = filled, criteria
        self._programs: dict[tuple[Goal, ...], Planning] = {}

    @cached_property
    def projects(self) -> tuple[Project, ...]:
        """Every improvement at every place where it still changes something."""
        return projects_of(self.filled, self.criteria)

    @cached_property
    def by_now(self) -> tuple[Assessment, ...]:
        """What the facts of now are worth."""
        return stand(self.filled, self.criteria)

    def program(self, goals: Sequence[Goal]) -> Planning:
        """Return the goals as a program, which is not to be changed: everybody is given the same one."""
        key = tuple(goals)
        if key not in self._programs:
            self._programs[key] = self.program_anew(key)
        return self._programs[key]

    def program_anew(self, goals: Sequence[Goal], *, relaxed: bool = False) -> Planning:
        """Return the goals as a program to which something can be added."""
        return program_for(goals, self.filled, self.criteria, self.projects, relaxed)

    def after(self, units: Mapping[str, int]) -> tuple[Assessment, ...]:
        """Return what the facts are worth once these projects are done, each with so many units."""
        later = after_projects(self.filled, self.criteria, self.projects, units)
        return stand_again(self.filled, self.by_now, later, self.criteria)
