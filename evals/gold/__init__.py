"""The gold questions over the sample articles, frozen, and what is told about them."""
