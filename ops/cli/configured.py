"""What ``casecore.toml`` says where an option is not given: the file of the working directory, or the one that is named."""

from adapters.settings import Settings, settings_of
from ops.cli.app import NAMED

__all__ = ["settings"]


def settings() -> Settings:
    """The settings of this run, read anew; nothing is said where there is no file.

    Raises :class:`~casecore.errors.Fault` naming the file and its first unsound key.
    """
    return settings_of(NAMED.get())
