"""``casecore simulate``: any share of a district's year, its cases interleaved as a hall handles them."""
