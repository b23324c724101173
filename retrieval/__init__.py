"""The library: stores, indexes, searches. Knows no file formats."""
