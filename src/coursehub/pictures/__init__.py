"""Pictures: what a file's bytes are, whether they are whole, and what they tell of who took them."""
