"""Claims: is a name free, who holds what, what earlier semesters would have met, a new claim's text."""
