"""What is left of a failing run: no step, no fault and no bystander without which it fails the same way all the same."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from support.simulation.run import run
from support.simulation.steps import Setting, Step
from support.simulation.truth import Found

__all__ = ["failure_of", "shrunk"]

MOST_RUNS: Final = 1500
Fails = Callable[[Setting, Sequence[Step]], bool]


def failure_of(setting: Setting, steps: Sequence[Step]) -> tuple[str, str] | None:
    """How a run fails, in a word and in a sentence; None where it does not."""
    try:
        run(setting, steps)
    except Found as found:
        return found.what, str(found)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is to be shrunk
        return type(error).__name__, repr(error)
    return None


def shrunk(setting: Setting, steps: Sequence[Step], what: str) -> tuple[Setting, list[Step]]:
    """The shortest run found that still fails as ``what`` says."""
    left = MOST_RUNS

    def fails(setting: Setting, steps: Sequence[Step]) -> bool:
        nonlocal left
        left -= 1
        found = failure_of(setting, steps) if left > 0 else None
        return found is not None and found[0] == what

    steps = [*steps]
    before = None
    while before != (setting, steps):
        before = setting, steps
        steps = _fewer(setting, steps, fails)
        for number in range(len(steps)):
            for simpler in _simpler(steps[number]):
                tried = [*steps[:number], simpler, *steps[number + 1 :]]
                if fails(setting, tried):
                    steps = tried
                    break
        for plainer in _plainer(setting):
            if fails(plainer, steps):
                setting = plainer
                break
    return setting, steps


def _fewer(setting: Setting, steps: list[Step], fails: Fails) -> list[Step]:
    """Without chunks of steps, then without single ones."""
    size = len(steps) // 2
    while size:
        start = 0
        while start < len(steps):
            tried = steps[:start] + steps[start + size :]
            if fails(setting, tried):
                steps = tried
            else:
                start += size
        size //= 2
    return steps


def _simpler(step: Step) -> Iterator[Step]:
    """The step with something left out."""
    yield from _alone(step)
    plain = Step(step.do)
    for field in ("fault", "minutes"):
        if getattr(step, field) != getattr(plain, field):
            yield step._replace(**{field: getattr(plain, field)})
    if step.do == "several" and len(step.asked) > 1:
        for number in range(len(step.asked)):
            yield step._replace(asked=step.asked[:number] + step.asked[number + 1 :])
    if step.asked and isinstance(step.asked[0], int) and step.asked[0] > 0 and step.do != "jump":
        yield step._replace(asked=(0, *step.asked[1:]))


def _alone(step: Step) -> Iterator[Step]:
    """The step with fewer bystanders, one of them instead of it, or with one of them who comes earlier."""
    if step.inside:
        yield step._replace(inside=())
    for number, (at, one) in enumerate(step.inside):
        before, after = step.inside[:number], step.inside[number + 1 :]
        if before or after:
            yield step._replace(inside=before + after)
        yield one
        if at > 1:
            yield step._replace(inside=(*before, (1, one), *after))


def _plainer(setting: Setting) -> Iterator[Setting]:
    """The world with something plain in it."""
    for field, default in Setting._field_defaults.items():
        if getattr(setting, field) != default and field not in {"store", "programs", "followers"}:
            yield setting._replace(**{field: default})
    if setting.store == "apart":
        yield setting._replace(store="file")
