"""What a report is built from, with the few lookups every part of it needs; nothing here is printed as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.model import Fact, FilledDiagnosis, Questionnaire, State, Statement, Subject, SubjectKind, Text
from questionnaires.values import show_value
from reports import wording
from reports.edition import Edition
from reports.kept_plan import KeptPlan
from reports.language import LANGUAGES, Language
from reports.model_pieces import Ref
from reports.model_pieces import State as Shown
from scoring.advice import Advice, advise, advise_next_level
from scoring.gaps import find_gaps, improvements_for
from scoring.model import (
    Assessment,
    CriteriaSet,
    Gap,
    Improvement,
    MaturityCriteria,
    Outcome,
    Requirement,
    RequirementState,
)
from scoring.peers import Comparison
from scoring.projects import Project, grouped, projects_of
from scoring.solver import OutOfTime

ImprovementsFor = Mapping[str, Sequence[Improvement]]  # requirement as scoring.gaps names it -> what lifts it
STATE_KEYS = {RequirementState.MET: "met", RequirementState.NOT_MET: "gap", RequirementState.NOT_KNOWN: "open"}


@dataclass(frozen=True, slots=True)
class Given:
    """The answers, what scoring made of them, and the edition; `assessments` stand in printing order."""

    filled: FilledDiagnosis
    assessments: tuple[Assessment, ...]
    gaps: tuple[Gap, ...]
    improvements: ImprovementsFor
    criteria: CriteriaSet
    questionnaire: Questionnaire
    edition: Edition
    projects: Mapping[str, Sequence[Project]]  # improvement -> the places where it still changes something
    advice: Advice | None = None  # the plan; None where there is no next level, or `unfinished`
    kept: KeptPlan | None = None  # by the firm
    unfinished: bool = False  # the plan was given up: it takes more work than is allowed
    peers: Comparison | None = None  # what is told of comparable firms

    @property
    def language(self) -> Language:
        """The language of the report, with its marks."""
        return LANGUAGES[self.edition.language]

    def say(self, text: Text | None) -> str:
        """Return the half of a text that this report says; nothing for no text."""
        return self.language.say(text)

    @property
    def maturity(self) -> Assessment | None:
        """The maturity assessment that applies (discrete or process), if there is one."""
        return next((a for a in self.assessments if wording.is_maturity(a) and applies(a)), None)

    @property
    def maturity_criteria(self) -> MaturityCriteria | None:
        """The criteria file behind `maturity`."""
        found = self.criteria.criteria.get(self.maturity.criteria_id) if self.maturity else None
        return found if isinstance(found, MaturityCriteria) else None

    def of_criteria(self, criteria_id: str) -> list[Assessment]:
        """Return the assessments of one criteria file, in order."""
        return [assessment for assessment in self.assessments if assessment.criteria_id == criteria_id]

    @property
    def workshops(self) -> list[Assessment]:
        """The workshops held against the digital-workshop conditions."""
        return [a for a in self.assessments if a.subject_kind is SubjectKind.WORKSHOP]

    def ref(self, assessment: Assessment, requirement: str | None = None) -> Ref:
        """Return the reference of a conclusion (R3) or of one requirement in it (R3·W2)."""
        number = f"R{self.assessments.index(assessment) + 1}"
        return Ref(f"{number}·{requirement}", f"{number}-{requirement}") if requirement else Ref(number, number)

    def path(self, subject_key: str) -> tuple[Subject, ...]:
        """Return the subjects from the one with this key up to the firm."""
        return next(path for path in paths(self.filled.firm) if path[0].key == subject_key)

    def statement(self, fact: str, subject_key: str) -> Statement | None:
        """Return what is said about a fact of a subject, or of one above it; None when it is blank."""
        return next((s.facts[fact] for s in self.path(subject_key) if fact in s.facts), None)

    def answer(self, fact: str, statement: Statement | None) -> str:
        """Return an answer as people read it; unknown, blank and not applicable by their words."""
        return self.language.bracketed(
            shown_statement(self.fact(fact), statement, self.language),
            statement.reason or "" if statement and statement.state is State.NOT_APPLICABLE else "",
        )

    def fact(self, fact: str) -> Fact:
        """Return the fact, also one that this questionnaire does not ask."""
        return self.questionnaire.facts[fact] if fact in self.questionnaire.facts else self.criteria.facts[fact]

    def firm_answer(self, fact: str) -> str:
        """Return the answer about the firm itself, “未填” / "blank" when there is none."""
        return self.answer(fact, self.filled.firm.facts.get(fact))

    def ways(self, requirement: Requirement, criteria_id: str) -> Sequence[Improvement]:
        """Return the improvements that lift one requirement and still change something in this firm."""
        for key in (f"{criteria_id}.{requirement.id}", requirement.id):
            if key in self.improvements:
                return [one for one in self.improvements[key] if self.projects_for(one)]
        return ()

    def projects_for(self, improvement: Improvement, subject_key: str = "") -> Sequence[Project]:
        """Return the projects of an improvement; with a subject those at it, above it and below it."""
        found = self.projects.get(improvement.id, ())
        if not subject_key:
            return found
        above = {subject.key for subject in self.path(subject_key)}
        return [one for one in found if one.place.key in above or subject_key in {part.key for part in one.path}]


def given_for(
    filled: FilledDiagnosis,
    assessments: Sequence[Assessment],
    criteria: CriteriaSet,
    questionnaire: Questionnaire,
    edition: Edition,
    kept: KeptPlan | None = None,
    peers: Comparison | None = None,
) -> Given:
    """Return all that a report is built from: `assessments` are what the same answers are worth by the criteria.

    The plan is for the goals and limits of the kept one; without it, for the next level of maturity.
    """
    gaps = find_gaps(assessments, criteria, filled)
    advice, unfinished = _advice(filled, assessments, criteria, kept)
    return Given(
        filled=filled,
        assessments=tuple(assessments),
        gaps=gaps,
        improvements=improvements_for(gaps, criteria),
        criteria=criteria,
        questionnaire=questionnaire,
        edition=edition,
        projects=grouped(projects_of(filled, criteria)),
        advice=advice,
        kept=kept,
        unfinished=unfinished,
        peers=peers,
    )


def _advice(
    filled: FilledDiagnosis, assessments: Sequence[Assessment], criteria: CriteriaSet, kept: KeptPlan | None
) -> tuple[Advice | None, bool]:
    goals = kept.goals_for(filled, criteria) if kept else None
    try:
        if kept and goals:
            return advise(filled, criteria, goals, kept.limits), False
        return advise_next_level(filled, criteria, assessments), False
    except OutOfTime:
        return None, True


def paths(firm: Subject) -> Iterator[tuple[Subject, ...]]:
    """Yield every subject, each followed by the subjects above it."""
    yield (firm,)
    for part in firm.parts:
        for path in paths(part):
            yield (*path, firm)


def applies(assessment: Assessment) -> bool:
    """Tell whether a criteria file applies to its subject at all."""
    return assessment.outcome is not Outcome.NOT_APPLICABLE


def shown_statement(fact: Fact, statement: Statement | None, language: Language) -> str:
    """Return what is said about a fact; unknown, blank and not applicable by their words."""
    if statement is None:
        return language.say(wording.BLANK)
    if statement.state is State.UNKNOWN:
        return language.say(wording.UNKNOWN)
    if statement.state is State.NOT_APPLICABLE:
        return language.say(wording.STATE_WORDS[RequirementState.NOT_APPLICABLE])
    if statement.value is None:
        return language.say(wording.BLANK)
    return show_value(fact, statement.value, language.code)


def shown_state(state: RequirementState, language: Language) -> Shown:
    """Return shape, word and colour key of a requirement's state."""
    return Shown(wording.MARKS[state], language.say(wording.STATE_WORDS[state]), STATE_KEYS.get(state, "none"))


def shown_outcome(assessment: Assessment, language: Language) -> Shown:
    """Return shape, word and colour key of a conclusion; a settled level is a plain fact without a shape."""
    if assessment.outcome is not Outcome.LEVEL:
        return shown_state(wording.OUTCOME_STATES.get(assessment.outcome, RequirementState.NOT_KNOWN), language)
    words = language.say(wording.outcome_text(assessment))
    if words.startswith("◐"):
        return Shown("◐", words.removeprefix("◐ "), "open")
    return Shown("■", words, "fact")


def subject_title(assessment: Assessment, language: Language) -> str:
    """Return the subject with the factory it stands in: “冲压车间（一工厂）”."""
    return language.bracketed(assessment.subject_name, assessment.factory_name or "")


def gathered_weight(gaps: Iterable[Gap]) -> Fraction:
    """Return the sum of what gaps can still lift."""
    return sum((gap.weight for gap in gaps), Fraction(0))
