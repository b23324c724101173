"""Files to documents, passages and records. Knows no storage."""
