"""Suites for whoever writes an adapter of his own: :class:`~adapters.testing.store_contract.StoreContract` for a store.

They ship, but nothing that runs imports them; they alone import pytest, which only development needs
(``pip install casecore[dev]``). What never lives here: a test of one store only, or of one adapter of ours.
"""

from pkgutil import iter_modules

import pytest

__all__ = []

# Before the first of them is imported: a failed assertion is to show what it compared.
pytest.register_assert_rewrite(*(f"{__name__}.{module.name}" for module in iter_modules(__path__)))
