"""Event stores on the ``eventsourcing`` library, a package each; :mod:`adapters.stores.known` lists them.

What never lives here: what is the same whatever the store (the log, the tables' generations, group commit: one room up),
and a choice between stores, which is made once, by a URL's scheme.
"""
