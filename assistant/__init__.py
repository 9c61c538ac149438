"""Questions in, answers out: retrieve evidence, draft an answer, verify every claim and citation."""
