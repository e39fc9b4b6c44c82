"""Django's databases, watched: every statement and every commit of a worker is a point of its schedule."""
