"""Questions that lean on earlier ones, recognised and completed by rule; pure."""
