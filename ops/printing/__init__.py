"""Printing for people: Rich tables and sentences on stdout, and JSON or CSV for scripts. One module for each thing shown."""
