"""Who in the firm helps to fill in which sections, and what people say to each other about a question."""
