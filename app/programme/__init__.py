"""What the commission counts against 500 / 100 / 10."""
