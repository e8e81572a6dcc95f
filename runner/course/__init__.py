"""Courses: lesson files to objects, variables, languages, lint."""
