"""The case (办件): one stream of facts from application to courier return.

``events`` are what happened, ``commands`` what is asked, ``state`` folds the one, the rule files (``intake``,
``approvals``, ``time_limits``, ``certificates``, ``delivery``, ``closing``, ``trips``) answer the other, and ``rules``
is the table that leads each command to its rule. Nothing here reads a clock, a file or a network.
"""
