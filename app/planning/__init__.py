"""What a firm plans to do about its gaps: the cheapest way to its goals, tried out, chosen and followed up."""
