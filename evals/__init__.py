"""How good the answers are, as numbers: what measures Parley, and what it is measured against."""
