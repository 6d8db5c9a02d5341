"""Names: what tool a name means, which names may be a slip of another, and what a file can be called."""
