"""The package (一件事): one matter of a citizen, its cases, what they share, and its own clock.

A stream type of the same shape as the case: events, commands, state, rules. Rules here look at the package alone; what
follows in its cases, and in the package from them, is :mod:`casecore.consequences`'s.
"""
