"""A student's text: Markdown as GitHub reads it."""
