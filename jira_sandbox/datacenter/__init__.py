"""Jira Data Center over the same state as the Cloud: its REST API v2, people by name and key, wiki text.

What is asked and what is answered pass through ``dialect``; what the Cloud has no like of has a module here.
"""
