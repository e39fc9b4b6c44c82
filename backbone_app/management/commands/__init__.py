"""One module a command, each one call to a service."""
