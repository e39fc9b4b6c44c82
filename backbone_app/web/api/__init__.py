"""The JSON API: what the pages do, for machines, through the same services."""
