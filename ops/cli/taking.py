"""What is given for an option or argument, where there is nothing to check: a text is taken as it is, and so is nothing.

Typer asks Pydantic for each, which takes longer to load than most commands run; it still does for whatever is more than
a text.
"""

from typing import Any, Self

__all__ = ["take_as_they_are"]


class _AsItIs:
    """Takes a text as it is, and what is none as Typer does."""

    def __init__(self, param: Any) -> None:  # noqa: ANN401 - Typer's own
        asked = param.type_descriptor
        self._text = asked.annotation is str and asked.parameter_info.parser is None and not asked.parameter_info.path_type
        self._otherwise = param.get_runtime_param

    def __call__(self) -> Self:
        """In the place of what Typer builds for the option."""
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own
        """What the command is given."""
        if value is None or (self._text and type(value) is str):
            return value
        return self._otherwise().coerce(value, param=param, ctx=ctx)


def take_as_they_are(command: Any) -> None:  # noqa: ANN401 - Typer's own
    """Have the texts a command asks for, or the commands of a group, taken as they are."""
    asked = command.get_params

    def get_params(ctx: Any) -> Any:  # noqa: ANN401 - Typer's own
        params = asked(ctx)  # with --help, which is made there
        for param in params:
            made = getattr(param, "get_runtime_param", None)
            if made is not None and not isinstance(made, _AsItIs) and not param.multiple and param.nargs == 1:
                param.get_runtime_param = _AsItIs(param)
        return params

    command.get_params = get_params
    for each in getattr(command, "commands", {}).values():
        take_as_they_are(each)
