"""What the consultant verifies, returns and signs off."""
