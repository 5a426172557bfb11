"""The case (办件): facts by act, the file they add up to, the acts above it, and the kind that puts them together.

A rule returns facts or a refusal and reads neither clock nor file; the fold never refuses.
"""
