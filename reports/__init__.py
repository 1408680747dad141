"""What is printed: one diagnosis, ready in printing order, then as HTML, pictures, PDF and Word.

`view_model.build` gathers everything a report says, `wording` gives every number and state its sentence in Chinese and
English, `ruler` and `charts` draw, `html` fills the templates and `pdf` sets the pages; `word` writes the same as a
document that people go on working in. Nothing here judges anything: a
report is built from assessments, gaps and improvements that `scoring` has made, and it never reads a database, a clock
or the network.
"""
