"""Grading: who took part, what it is worth, and a receipt. Files with names stay on the machine of staff."""
