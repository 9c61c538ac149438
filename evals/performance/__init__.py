"""Scripts that print timings and retrieval quality beside what they are compared with, both in one run."""
