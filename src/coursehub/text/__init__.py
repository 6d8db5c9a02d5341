"""Text as such: YAML with positions, JSON and CSV, web addresses, wording."""
