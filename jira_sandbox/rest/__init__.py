"""REST API v3, one module an area; each module has a ``ROUTES`` tuple, and ``table.py`` is all of them."""
