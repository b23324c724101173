import pytest

from corpus.lookalikes import lookalikes


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("weaver@looms.example", {}),
        ("l.lef\u00e8vre@looms.example", {}),
        ("wea\u0441er@looms.example", {"\u0441": "Cyrillic"}),
        ("l\u03bf\u043ems.example", {"\u03bf": "Greek", "\u043e": "Cyrillic"}),
        ("\u043f\u0440\u0438\u043c\u0435\u0440@\u0442\u043a\u0430\u0447.\u0440\u0444", {}),
        ("no address: \u0441", {}),
        ("", {}),
    ],
)
def test_letters_of_another_script_are_found_in_an_address(address, found):
    assert lookalikes(address) == found
