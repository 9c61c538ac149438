"""A scored run for its readers: a table on the terminal, JSON, JUnit, and a page. Nothing is computed here."""
