"""Course Hub: claims, checks and pages of a course with public student writing."""

__version__ = "0.1.0"
