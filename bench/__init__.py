"""Speed, measured: each figure beside a yardstick of the same run, as a ratio, against a bar."""
