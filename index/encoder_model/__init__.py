"""The shipped encoder: all-MiniLM-L6-v2 in eight bits, with the scripts that rebuild and measure it."""
