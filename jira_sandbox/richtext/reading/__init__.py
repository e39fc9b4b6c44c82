"""Wiki text to the nodes of a document, as Atlassian's own converter reads it.

The rules, odd ones too, are those of ``@atlaskit/editor-wikimarkup-transformer`` 12.2.2 (Apache-2.0), which
stands between Jira Cloud's APIs v2 and v3; tests/sandbox/test_richtext_oracle.py holds us to it. What that
program does in quadratic time is done here in linear.
"""

from jira_sandbox.richtext.reading.scan import read

__all__ = ["read"]
