"""The theme (一件事主题): several items a citizen sees as one matter, as data with validity dates.

One submission opens a case of each item that the answers to its questionnaire call for, once for each subject (twelve
bookstores, three items: thirty-six cases). :func:`unsound_theme` lists what keeps a theme from being used.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from casecore.limits import Limit
from casecore.plan import circle_in
from casecore.validity import Dated
from casecore.vocabulary import ApplicantKind, Channel, Unit

__all__ = ["Baseline", "Choice", "Condition", "Question", "Theme", "ThemeItem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What it took before (改革前), as its source says: the figures a reduction is measured against."""

    source: str
    limit: Limit | None = None
    """办理时限: for a theme, of its items one after the other."""
    visits: int | None = None
    materials: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the questionnaire (情形引导) with the answers it allows."""

    question: str
    ask_zh: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An answer an applicant gave."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Holds where the question was answered by one of these."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeItem:
    """One item of a theme: when it is called for, and which items of the theme come before it (前置环节)."""

    item: str
    when: tuple[Condition, ...] = ()
    """It is called for where all hold; always, where none is named."""
    after: tuple[str, ...] = ()
    """Its case is opened only when theirs were granted (串联)."""
    conditional_on: tuple[str, ...] = ()
    """Its case runs beside theirs and may be closed before them, on condition that they are granted (并联, 附条件办结)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(Dated):
    """One version of a theme: one form, one set of materials, one promise for the whole (一表申请, 一套材料)."""

    code: str
    version: int
    name_zh: str
    name_en: str
    source: str
    valid_from: date
    valid_until: date | None = None
    """The last day this version is in force; None while it is the current one."""
    serves: tuple[ApplicantKind, ...]
    channels: tuple[Channel, ...]
    items: tuple[ThemeItem, ...]
    questions: tuple[Question, ...] = ()
    form: tuple[str, ...] = ()
    """Fields of the one form (一表申请), entered once for all cases."""
    materials: tuple[str, ...] = ()
    """Materials handed in once for all cases that require them (一套材料)."""
    promised: Limit
    visits: int
    """到办事现场次数 promised for the whole."""
    before: Baseline | None = None
    retrieved_on: date | None = None
    """When it was looked up in its source; None where nobody says."""

    @property
    def circle(self) -> list[str]:
        """The items whose prerequisites run in a circle; none where an order exists."""
        return circle_in({one.item: (*one.after, *one.conditional_on) for one in self.items})

    def called_for(self, answers: Mapping[str, str]) -> tuple[ThemeItem, ...]:
        """The items these answers call for, in the theme's order."""
        return tuple(item for item in self.items if all(answers.get(when.question) in when.answers for when in item.when))


def unsound_theme(theme: Theme) -> Iterator[tuple[str, str]]:
    """Breaches of what a theme must keep, as (key, sentence); that its items exist is the catalogue's to see."""
    if not theme.items:
        yield "items", "a theme without an item"
    if theme.promised.unit is Unit.FIXED_DATE:
        yield "promised", "a theme promises a time, not a date"
    if theme.visits < 0:
        yield "visits", "到办事现场次数 cannot be negative"
    if not theme.channels:
        yield "channels", "no 办理形式"
    if not theme.serves:
        yield "serves", "no 服务对象"
    yield from theme.unsound_dates()
    named = {
        "items": [one.item for one in theme.items],
        "questions": [one.question for one in theme.questions],
        "form": theme.form,
        "materials": theme.materials,
    }
    for key, names in named.items():
        if len(set(names)) < len(names):
            yield key, "a name stands here twice"
    for sentence in (*_prerequisite_flaws(theme), *_questionnaire_flaws(theme)):
        yield "items", sentence


def _prerequisite_flaws(theme: Theme) -> Iterator[str]:
    """What keeps the prerequisites from being a graph without circles over the theme's own items."""
    first = {one.item: (*one.after, *one.conditional_on) for one in theme.items}
    for item, befores in first.items():
        for before in befores:
            if before not in first:
                yield f"{item} waits for {before}, which is not in the theme"
    for one in theme.items:
        if both := set(one.after) & set(one.conditional_on):
            yield f"{one.item} both waits for {min(both)} and overtakes it"
    if circle := theme.circle:
        yield f"prerequisites run in a circle: {', '.join(circle)}"


def _questionnaire_flaws(theme: Theme) -> Iterator[str]:
    """What keeps the answers from telling which items are called for."""
    allowed = {question.question: question.answers for question in theme.questions}
    for question, answers in allowed.items():
        if not answers:
            yield f"{question} allows no answer"
    for one in theme.items:
        for when in one.when:
            if when.question not in allowed:
                yield f"{one.item} depends on {when.question}, which nobody asks"
            elif unknown := sorted(set(when.answers) - set(allowed[when.question])):
                yield f"{one.item} depends on an answer {when.question} does not allow: {', '.join(unknown)}"
