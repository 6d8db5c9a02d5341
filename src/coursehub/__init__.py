"""Course Hub: claims, checks and pages of a course with public student writing."""
