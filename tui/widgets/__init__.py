"""The widgets of the terminal UI, one a file."""
