"""Links that were followed: the record of the dead ones, the places that have them, the report to staff, and copies."""
