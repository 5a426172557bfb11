"""Real histories from other systems, as facts: files of cases (CSV, XLSX, XES, OCEL 2.0) read through a TOML mapping.

``mapping`` reads a mapping strictly into a ``sound_mapping`` (``mapping_keys`` key by key, ``dates`` its formats), and
``suggesting`` drafts one (by ``table_heads`` or ``log_heads``); ``values`` and ``facts`` compile it for a file, and the
facts of a case gather in a ``draft``; ``reading`` takes one row through it, ``traces`` a case with its events
(``pairing`` puts them together, ``milestones`` takes receipt and closing from them). ``readers`` knows which of
``csv_file``, ``xlsx_file``, ``xes_file`` and ``ocel_file`` walks a file, in constant memory; ``joining`` puts a second
table beside a first, ``staging`` holds what has to be put together. ``importing`` is one ``run`` over a file, in batches:
``stored`` and ``known`` say what an earlier import recorded of a case, ``counting`` and ``torn`` of a row that continues
one, ``elsewhere`` how a case came in that none did; ``rejections`` keeps why something was not recorded, ``rejects`` the
rows to be mended, and ``mended`` says what such a file has of its own. What may be more than memory holds lies in a
``scratch`` database.

A row is recorded whole, or rejected with its line and a reason. What never lives here: knowledge of one particular file
(that is data, in ``adapters/mappings``) or a rule of the field: an import records what happened and refuses only what
cannot have.
"""

from adapters.importing.importing import ImportReport, import_file
from adapters.importing.mapping import load_mapping, shipped_mappings
from adapters.importing.reading import Rejection
from adapters.importing.sound_mapping import Mapping

__all__ = ["ImportReport", "Mapping", "Rejection", "import_file", "load_mapping", "shipped_mappings"]
