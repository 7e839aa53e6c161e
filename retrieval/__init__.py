"""Finding papers: encode, index, search."""
