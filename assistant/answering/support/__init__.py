"""Does what a claim says stand in the sentences that it cites? Rules of English; one file a kind of fact."""
