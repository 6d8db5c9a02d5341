"""Names: what tool a name means, and which names may be a slip of another."""
