"""What other programs are served, whatever protocol they speak: tools, and lines over descriptors."""
