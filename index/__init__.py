"""Articles in, passages out: read a folder, split it, embed it, keep it fresh. Knows nothing of chat."""
