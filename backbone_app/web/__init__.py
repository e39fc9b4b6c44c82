"""HTTP in: parse, authenticate, call one service, answer."""
