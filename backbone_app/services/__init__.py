"""Use cases. They own the transaction and the order of things, and never call each other."""
