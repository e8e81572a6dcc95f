"""The full screens: the list of lessons, the start of a lab, a lesson."""
