"""What is asked and what was answered: facts, questionnaires, conditions, progress, the diagnosis file.

Pure: standard library and PyYAML only. Knows nothing of scores, pages of a web site or databases.
"""
