"""Evidence: what lets anyone prove that a log is what was written.

Here live the hash chain and what is built on it. Nothing here writes to a store or opens one.
"""
