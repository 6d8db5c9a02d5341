"""Links that were followed: the record of the dead ones, where they stand, what staff read of them, and copies."""
