"""SQLite, watched."""
