"""Sign-in, roles, languages."""
