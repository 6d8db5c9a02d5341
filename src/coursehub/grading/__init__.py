"""Grading: who took part, what it is worth, a receipt for the grade book; files with names stay on the machine of staff."""
