"""What must hold of a lab, how it is asked, and how the answer is judged.

Asking and judging are apart: `ask` turns a check into an `Observation` (plain data that can be
stored and sent), `judge` turns an observation into a `Verdict` and touches nothing. The package
knows shells and networks; it knows no course, no screen and no Docker command line of its own.
"""
