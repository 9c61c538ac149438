"""Conversations saved as they happen: one append-only file a session, in the state of their corpus."""
