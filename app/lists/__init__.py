"""Lists (清单) of machines, processes or people, kept row by row: the figures counted from them become answers."""
