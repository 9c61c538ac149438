"""The small reader: how it is trained from the encoder's official weights, measured and written out."""
