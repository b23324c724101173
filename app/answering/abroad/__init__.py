"""Answers from records in other languages than English."""
