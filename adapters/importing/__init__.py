"""Real histories from other systems, as facts: files of cases (CSV, XES) read through a mapping written in TOML.

``mapping`` reads a mapping strictly into a ``sound_mapping``; ``values`` and ``facts`` compile it for a file, and the
facts of a case gather in a ``draft``; ``reading`` takes one row or trace through it; ``csv_file`` and ``xes_file`` walk a
file in constant memory; ``importing`` writes batches and reports.
A row is recorded whole, or rejected with its line and a reason. What never lives here: knowledge of one particular file
(that is data, in ``adapters/mappings``) or a rule of the field: an import records what happened and refuses only what
cannot have.
"""

from adapters.importing.importing import ImportReport, import_file
from adapters.importing.mapping import load_mapping, shipped_mappings
from adapters.importing.reading import Rejection
from adapters.importing.sound_mapping import Mapping

__all__ = ["ImportReport", "Mapping", "Rejection", "import_file", "load_mapping", "shipped_mappings"]
