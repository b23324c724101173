import pycountry
import pytest

from corpus.countries import GROUPS, countries, country_name, members


def test_every_country_of_the_standard_that_the_tables_know():
    assert set(countries()) <= {country.alpha_2 for country in pycountry.countries}
    assert len(countries()) > 240
    assert all(facts.name and facts.code == code for code, facts in countries().items())


@pytest.mark.parametrize(
    ("code", "name"),
    [("SI", "Slovenia"), ("CZ", "Czech Republic"), ("CD", "Democratic Republic of the Congo"),
     ("US", "United States"), ("QQ", "QQ")],
)  # fmt: skip
def test_the_name_of_a_country(code, name):
    assert country_name(code) == name


@pytest.mark.parametrize(
    ("code", "name"),
    [("SI", "slovenia"), ("GR", "hellenic republic"), ("NL", "holland"), ("CZ", "czechia"),
     ("DE", "bundesrepublik deutschland"), ("GB", "great britain"), ("TR", "turkey")],
)  # fmt: skip
def test_names_that_a_country_goes_by(code, name):
    assert name in countries()[code].names


@pytest.mark.parametrize(
    ("code", "adjective"),
    [("SI", "slovene"), ("SI", "slovenian"), ("FI", "finnish"), ("NL", "dutch"), ("GR", "greek"),
     ("US", "american")],
)  # fmt: skip
def test_adjectives(code, adjective):
    assert adjective in countries()[code].adjectives


@pytest.mark.parametrize(("adjective", "codes"), [("norwegian", {"NO"}), ("french", {"FR"})])
def test_the_adjective_of_a_state_is_not_that_of_its_territories(adjective, codes):
    assert {code for code, facts in countries().items() if adjective in facts.adjectives} == codes


def test_no_name_is_a_code_or_a_small_word():
    names = {name for facts in countries().values() for name in facts.names}
    assert not names & {"no", "it", "at", "is", "be", "us", "in", "me"}
    assert all(len(name) > 3 for name in names)


@pytest.mark.parametrize(
    ("group", "size", "within", "outside"),
    [
        ("eu", 27, {"SI", "HR", "IE"}, {"GB", "NO", "CH"}),
        ("eu28", 28, {"GB", "HR"}, {"NO"}),
        ("eu15", 15, {"GB", "FI"}, {"SI", "PL"}),
        ("eu13", 13, {"SI", "HR", "MT"}, {"FI", "GB", "NO"}),
        ("nordic", 5, {"FI", "IS"}, {"EE"}),
        ("baltic", 3, {"EE"}, {"FI"}),
        ("benelux", 3, {"LU"}, {"FR"}),
        ("iberian", 2, {"PT"}, {"IT"}),
    ],
)
def test_the_members_of_a_group(group, size, within, outside):
    assert len(members(group)) == size
    assert within <= members(group)
    assert not outside & members(group)


def test_the_unions_contain_each_other():
    assert members("eu13") | members("eu15") == members("eu28") == members("eu") | {"GB"}
    assert not members("eu13") & members("eu15")


def test_parts_of_europe_do_not_overlap():
    parts = [members(group) for group in GROUPS if group.endswith(" europe")]
    assert all(parts)
    assert sum(len(part) for part in parts) == len(frozenset().union(*parts))


def test_an_unknown_group_is_an_error():
    with pytest.raises(KeyError):
        members("alpine")
