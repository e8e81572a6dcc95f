"""What learners have done: one SQLite store a course, and their settings beside them."""
