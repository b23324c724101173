"""Pages as pictures: the right page, and the right words outlined."""

import io

import pytest
import sample_pdfs
from PIL import Image

from corpus.errors import BrokenFile
from ingest.readers.pdf.picture import page_picture

INK = (176, 58, 0)


@pytest.fixture
def pdf(tmp_path):
    def write(data):
        path = tmp_path / "file.pdf"
        path.write_bytes(data)
        return path

    return write


def image(picture):
    return Image.open(io.BytesIO(picture.webp)).convert("RGB")


def inked(picture):
    """The box (left, top, right, bottom) of all outlines, in parts of the picture; or None."""
    drawn = image(picture)
    near = drawn.point(lambda value: value)
    mask = Image.new("L", near.size)
    mask.putdata(
        [
            255 if all(abs(a - b) < 40 for a, b in zip(pixel, INK, strict=True)) else 0
            for pixel in near.get_flattened_data()
        ]
    )
    box = mask.getbbox()
    if not box:
        return None
    width, height = near.size
    parts = (box[0] / width, box[1] / height, box[2] / width, box[3] / height)
    return tuple(round(part, 2) for part in parts)


def test_words_are_outlined_where_they_stand(pdf):
    path = pdf(sample_pdfs.plain("The harbour opens at seven in the morning."))
    whole = page_picture(path, 1, [["The harbour opens at seven in the morning."]])
    part = page_picture(path, 1, [["at seven in the"]])
    assert whole.outlined == pytest.approx(part.outlined)
    left, top, right, bottom = inked(whole)
    a, b, c, d = inked(part)
    assert left < a < c < right
    assert (top, bottom) == pytest.approx((b, d), abs=0.02)
    assert whole.outlined == pytest.approx(top, abs=0.02)


@pytest.mark.parametrize(
    "words", ["the HARBOUR  opens\nat seven", "harbour, opens - at seven!", "harbour opens at"]
)
def test_spaces_marks_and_case_do_not_matter(pdf, words):
    assert page_picture(pdf(sample_pdfs.plain()), 1, [[words]]).outlined is not None


@pytest.mark.parametrize("words", ["arbour opens at seve", "the harbour closes", "", "!?"])
def test_only_whole_words_that_are_there_count(pdf, words):
    picture = page_picture(pdf(sample_pdfs.plain()), 1, [[words]])
    assert picture.outlined is None
    assert inked(picture) is None


def test_a_short_text_counts_only_where_it_stands_once(pdf):
    path = pdf(sample_pdfs.plain("Berths 29 and 30, later 29 again."))
    assert page_picture(path, 1, [["30"]]).outlined is not None
    assert page_picture(path, 1, [["29"]]).outlined is None


def test_the_first_way_to_put_it_that_stands_there_is_taken(pdf):
    path = pdf(sample_pdfs.plain("The harbour opens at seven in the morning."))
    second = page_picture(path, 1, [["Opening: seven in the morning"], ["seven in the morning"]])
    assert inked(second) == inked(page_picture(path, 1, [["seven in the morning"]]))


@pytest.mark.parametrize("words", ["keeps an environmental ledger", "regional plan is specific"])
def test_broken_words_are_found(pdf, words):
    assert page_picture(pdf(sample_pdfs.broken_words()), 1, [[words]]).outlined is not None


def test_a_turned_page_is_drawn_upright_with_its_words(pdf):
    path = pdf(sample_pdfs.rotated())
    turned = page_picture(path, 1, [["This page was turned on its side"]])
    sideways = page_picture(path, 2, [["This page was turned on its side"]])
    assert turned.outlined is not None
    assert sideways.outlined is not None
    left, top, right, bottom = inked(turned)
    assert right - left > bottom - top
    left, top, right, bottom = inked(sideways)
    assert right - left < bottom - top


@pytest.mark.parametrize("page", [0, 2, -1])
def test_a_page_that_is_not_there_is_told(pdf, page):
    with pytest.raises(BrokenFile, match=f"no page {page}"):
        page_picture(pdf(sample_pdfs.plain()), page)


def test_what_is_no_pdf_is_told(pdf, tmp_path):
    with pytest.raises(BrokenFile):
        page_picture(pdf(b"nothing"), 1)
    with pytest.raises(BrokenFile):
        page_picture(tmp_path / "nowhere.pdf", 1)
