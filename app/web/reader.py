"""For whom HTML is drawn: the language of the interface, and which pages can be shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.answering.answer import Citation
from app.footnotes import ENGLISH, FORMS
from app.web.texts import texts
from corpus.model import Passage
from corpus.values import PartialDate


def no_picture(citation: Citation) -> str:
    """The address of a page's picture where there are none."""
    return ""


@dataclass(frozen=True, slots=True)
class Reader:
    """One visitor, as far as drawing for them needs it.

    ``picture`` gives the address of the picture of a citation's page, "" where there is none.
    """

    language: str = "en"
    picture: Callable[[Citation], str] = no_picture

    @property
    def words(self) -> Mapping[str, str]:
        """The texts of the page on which one asks."""
        return texts("ask", self.language)

    def date(self, when: PartialDate) -> str:
        """A date in the visitor's language."""
        return FORMS.get(self.language, ENGLISH).partial(when)

    def pages(self, passage: Passage) -> str:
        """``page 3``, ``pages 4-5``, or nothing where there are no pages."""
        first, last = passage.page, passage.page_end
        if first is None:
            return ""
        if last and last != first:
            return self.words["on_pages"].format(first=first, last=last)
        return self.words["on_page"].format(page=first)


ENGLISH_READER = Reader()
