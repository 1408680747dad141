"""Checking a report (核对报告): a public page for each code on a cover, which shows nothing of what the report says."""
