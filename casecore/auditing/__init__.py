"""Auditing (疑点): what is questionable in what was recorded, beside what the derived clocks do with it."""
