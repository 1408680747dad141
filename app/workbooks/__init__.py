"""Answers that travel as files: the questionnaire as a workbook, the diagnosis file, and both taken in again."""
