"""Explore: the records of a partnership on a map, in charts, tables and a checklist."""

from app.web.explore.page import EXPLORE

__all__ = ["EXPLORE"]
