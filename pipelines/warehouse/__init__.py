"""The DuckDB file: one writer, a build copy, a swap; readers always have a whole file."""
