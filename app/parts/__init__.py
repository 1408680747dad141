"""The factories and workshops of a running diagnosis: how far each is, and new ones that begin as copies."""
