"""PostgreSQL, watched."""
