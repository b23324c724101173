"""The pages of the site, in the order of the navigation."""

from app.web.ask import ASK
from app.web.report import REPORT
from app.web.site import Page

PAGES: tuple[Page, ...] = (ASK, REPORT)
