"""A course proves itself: solutions are typed into real labs, wrong ways too, and judged."""
