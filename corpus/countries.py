"""Facts about countries, from maintained data sets: names, adjectives, groups.

Names and adjectives come from the package countryinfo, membership of the European Union from the
table that the package country_converter ships.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import pycountry
from babel import Locale
from countryinfo import CountryInfo
from countryinfo.exceptions import CountryNotFoundError

from corpus.words import fold

_LONGEST_CODE = 3
_NO_PLURAL = ("sh", "ch", "s", "ese")  # endings of adjectives that are no nouns


@dataclass(frozen=True, slots=True)
class CountryFacts:
    """A country: ISO 3166-1 alpha-2 code, English name, folded names and adjectives, unions.

    ``unions`` holds those of EU15, EU27 and EU28 that the country is counted in.
    """

    code: str
    name: str
    names: frozenset[str]
    adjectives: frozenset[str]
    subregion: str
    unions: frozenset[str]


# What each group means, as a test of a country's facts. The words for a group are in the
# vocabulary of each language.
GROUPS: Mapping[str, Callable[[CountryFacts], bool]] = {
    "eu": lambda c: "EU27" in c.unions,
    "eu28": lambda c: "EU28" in c.unions,
    "eu15": lambda c: "EU15" in c.unions,
    "eu13": lambda c: "EU28" in c.unions and "EU15" not in c.unions,
    # The members of the Nordic Council, the Baltic Assembly and the Benelux Union; the Iberian
    # peninsula. No data set at hand has them as facts.
    "nordic": lambda c: c.code in {"DK", "FI", "IS", "NO", "SE"},
    "baltic": lambda c: c.code in {"EE", "LT", "LV"},
    "benelux": lambda c: c.code in {"BE", "LU", "NL"},
    "iberian": lambda c: c.code in {"ES", "PT"},
    "northern europe": lambda c: c.subregion == "Northern Europe",
    "southern europe": lambda c: c.subregion == "Southern Europe",
    "western europe": lambda c: c.subregion == "Western Europe",
    "eastern europe": lambda c: c.subregion == "Eastern Europe",
}


@cache
def countries() -> Mapping[str, CountryFacts]:
    """All countries by ISO code."""
    table = files("country_converter").joinpath("country_data.tsv").read_text(encoding="utf-8")
    english = Locale("en").territories
    found = {}
    states = set()
    for row in csv.DictReader(table.splitlines(), delimiter="\t"):
        # The table's two-letter column holds patterns; its three-letter one is plain.
        country = pycountry.countries.get(alpha_3=row["ISO3"])
        if country:  # not a country that is no more
            unions = frozenset(u for u in ("EU15", "EU27", "EU28") if row[u])
            found[country.alpha_2] = _facts(country.alpha_2, str(english[country.alpha_2]), unions)
            if row["UNmember"]:
                states.add(country.alpha_2)
    # "Norwegian" is of Norway, not of Svalbard too.
    taken = frozenset(a for code in states for a in found[code].adjectives)
    for code in found.keys() - states:
        found[code] = replace(found[code], adjectives=found[code].adjectives - taken)
    return found


def _facts(code: str, name: str, unions: frozenset[str]) -> CountryFacts:
    try:
        info: Mapping[str, Any] = CountryInfo(code).info()
    except CountryNotFoundError:  # a territory that the package does not have
        info = {}
    common = info.get("name") or name
    spellings = [name, common, *(info.get("altSpellings") or [])]
    # Codes are matched as codes, in capitals: "no", "it" and "at" are words too.
    names = frozenset(fold(n) for n in spellings if len(n) > _LONGEST_CODE)
    demonym = fold(info.get("demonym") or "")
    adjectives = {demonym} if demonym else set()
    if demonym.endswith("ene"):  # Slovene, Slovenian: both are usual
        adjectives.add(demonym[:-1] + "ian")
    adjectives |= {f"{one}s" for one in adjectives if not one.endswith(_NO_PLURAL)}  # its people
    return CountryFacts(
        code=code,
        name=common,
        names=names,
        adjectives=frozenset(adjectives),
        subregion=info.get("subregion") or "",
        unions=unions,
    )


def country_name(code: str) -> str:
    """The English name of a country code; the code itself when it is not known."""
    facts = countries().get(code)
    return facts.name if facts else code


def names_in(language: str) -> Mapping[str, str]:
    """The names of all countries in a language, by ISO code."""
    territories = Locale(language).territories
    return {code: str(territories[code]) for code in countries() if code in territories}


def members(group: str) -> frozenset[str]:
    """The country codes of a group; raises KeyError for an unknown group."""
    test = GROUPS[group]
    return frozenset(code for code, facts in countries().items() if test(facts))
