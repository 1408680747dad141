"""Reports: asked for, printed in a process of their own, issued."""
