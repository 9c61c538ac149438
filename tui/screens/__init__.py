"""The screens of the terminal UI: the chat, and what stands over it."""
