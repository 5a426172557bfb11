"""The seeded simulation: programs of one district under a scheduler that a seed drives, and an oracle outside them.

``steps`` is what a seed draws, ``places`` the stores, ``programs`` who works on them, ``truth`` the oracle, ``run`` one seed
from its first step to its last judgement, ``shrinking`` what is left of a failing one.
"""
