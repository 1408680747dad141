"""What a firm plans to do about its gaps: the cheapest way to its goals, tried out, kept, followed up and compared."""
