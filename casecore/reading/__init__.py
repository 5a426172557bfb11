"""Readings: pure answers over the files of cases and packages. They change nothing and decide nothing."""
