"""What it is worth: criteria and facts become exact assessments with bounds, reasons, gaps and tallies.

Pure: standard library and PyYAML only. Knows no web, no database, no clock: the day and the facts are arguments.
"""
