"""Explanations: what a file, a history or dates come to, day by day and visit by visit, as plain values. Pure, no store.

``explanation`` tells a case whole, ``explained_clock`` one clock with its ``acts``, ``package_view`` a package (一件事),
``trip_list`` the visits (跑动), ``due_dates`` a limit without any case.
"""
