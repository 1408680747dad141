"""Filling in: one diagnosis of one firm, page by page, to its result."""
