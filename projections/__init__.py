"""Facts to rows, rows to figures: pure folds and the definitions of the indicators (指标).

What never lives here: a database, a file, the wall clock. A row is a pure function of one case's whole history, so
following the log and rebuilding from it are the same thing; an indicator is data.
"""
