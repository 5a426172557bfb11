"""What runs: the command line, follow and rebuild loops, reporting, the demo, benchmarks. Wires the rooms below it.

What never lives here: a rule, a definition, a database driver. Nobody embeds this package.
"""
