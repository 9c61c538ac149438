"""English words that mean the same, the opposite, or are forms of each other: an extract of WordNet 3.0."""
