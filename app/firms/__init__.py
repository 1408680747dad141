"""企业, their factories and workshops, and who is assigned to them."""
