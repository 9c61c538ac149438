"""Language models that write drafts: one file a kind of backend, one seam, `protocol.py`."""
