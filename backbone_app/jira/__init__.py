"""HTTP out: the only code that knows Jira's JSON, URLs and status codes. Knows no tables."""
