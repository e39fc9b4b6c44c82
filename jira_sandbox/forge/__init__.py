"""Forge, as far as an app's remote backend meets it: keys, invocation tokens, events, a scheduled trigger."""
