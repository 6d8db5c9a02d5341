"""GitHub, behind one door: `door` asks, and gives everything or fails in words; `queries/` is what it asks."""
