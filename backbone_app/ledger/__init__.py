"""What several use cases write or ask inside their own transaction. Starts no jobs."""
