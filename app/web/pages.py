"""The pages of the site, in the order of the navigation."""

from app.web.ask import ASK
from app.web.explore import EXPLORE
from app.web.report import REPORT
from app.web.site import Page
from app.web.staff import LIBRARY

PAGES: tuple[Page, ...] = (ASK, EXPLORE, REPORT, LIBRARY)
