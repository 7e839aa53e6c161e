"""One file a source. Parsing is pure and runs on a saved file; fetching is separate."""
