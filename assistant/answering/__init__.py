"""From evidence to an answer that holds: drafting, confidence and verification."""
