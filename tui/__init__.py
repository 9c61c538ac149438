"""The terminal UI, over the same stream of answers as the command line."""
