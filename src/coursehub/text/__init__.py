"""Text as such: YAML with positions, Markdown read without rendering it, JSON and CSV."""
