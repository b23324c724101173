from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.values import Duration, Money, PartialDate, Quantity, number_text

# --- Dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last", "printed"),
    [
        ("2018", date(2018, 1, 1), date(2018, 12, 31), "2018"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "February 2020"),
        ("2018-10-08", date(2018, 10, 8), date(2018, 10, 8), "8 October 2018"),
        ("2020-01-29/2020-01-30", date(2020, 1, 29), date(2020, 1, 30), "29-30 January 2020"),
        ("2020-01-30/2020-02-02", date(2020, 1, 30), date(2020, 2, 2),
         "30 January to 2 February 2020"),
        ("2019-05/2019-06", date(2019, 5, 1), date(2019, 6, 30), "May to June 2019"),
        ("2019-12/2020-01", date(2019, 12, 1), date(2020, 1, 31), "December 2019 to January 2020"),
        ("2014/2020", date(2014, 1, 1), date(2020, 12, 31), "2014 to 2020"),
        ("0001", date(1, 1, 1), date(1, 12, 31), "0001"),
    ],
)  # fmt: skip
def test_dates_are_as_exact_as_they_are_written(text, first, last, printed):
    when = PartialDate.parse(text)
    assert (when.first, when.last) == (first, last)
    assert when.iso() == text
    assert str(when) == printed


def test_a_year_may_come_as_a_number_and_a_day_as_a_date():
    assert PartialDate.parse(2020) == PartialDate.parse("2020")
    assert PartialDate.parse(date(2020, 1, 2)) == PartialDate.parse("2020-01-02")


@pytest.mark.parametrize(
    "text",
    [
        "", "20", "2020-1", "2020-13", "2020-02-30", "0000", "8 October 2018", "2020-01/", "/2020",
        "2020/2019", "2020-05/2020-04", "2020--05", "12020", "2020-01-01T00:00", "None",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"date|before it begins|year|month"):
        PartialDate.parse(text)


def test_a_bare_year_does_not_outrank_a_month_of_it():
    year, month, day = (PartialDate.parse(t) for t in ("2020", "2020-07", "2020-07-01"))
    assert year < day < month
    assert max(year, month, day) == month


@given(st.dates(), st.dates())
def test_every_span_of_days_can_be_written_and_read_back(one, other):
    when = PartialDate(min(one, other), max(one, other))
    assert PartialDate.parse(when.iso()) == when
    assert str(when)


# --- Money -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount", "printed"),
    [
        ("EUR 18000000", "18000000", "€18 million"),
        ("EUR 25267000", "25267000", "€25,267,000"),
        ("EUR 25 267 000", "25267000", "€25,267,000"),
        ("EUR 25,267,000", "25267000", "€25,267,000"),
        ("EUR 250 billion", "250000000000", "€250 billion"),
        ("> EUR 2.7 billion", "2700000000", "more than €2.7 billion"),
        ("< USD 5 thousand", "5000", "less than US$5,000"),
        ("~ NOK 100", "100", "about NOK100"),
        ("EUR 0.5", "0.5", "€0.5"),
    ],
)
def test_money_is_read_and_printed_one_way(text, amount, printed):
    money = Money.parse(text)
    assert money.amount == Decimal(amount)
    assert str(money) == printed
    assert Money.parse(money.iso()) == money


@pytest.mark.parametrize(
    "text",
    [
        "18 million euros", "€18", "EUR", "EUR x", "eur 5", "EUR -5", "EUR 5 dozen", "EUR 5 6",
        "EUR 1,5", "EUR 1,5 million", "EUR 12,34,567", "QQQ 5", "18000000", "", "true",
    ],
)  # fmt: skip
def test_what_is_no_money_is_refused(text):
    with pytest.raises(ValueError, match="is not an amount of money"):
        Money.parse(text)


def test_amounts_are_ordered_within_one_currency_only():
    assert Money.parse("EUR 5") < Money.parse("EUR 7")
    with pytest.raises(ValueError, match="cannot be compared"):
        assert Money.parse("EUR 5") < Money.parse("USD 7")


def test_a_bound_decides_between_equal_amounts():
    texts = ["> EUR 5", "EUR 5", "< EUR 5", "~ EUR 5"]
    ordered = sorted(Money.parse(text) for text in texts)
    assert [money.bound for money in ordered] == ["<", "~", "", ">"]
    assert not Money.parse("EUR 5") > Money.parse("> EUR 5")


amounts = st.decimals(0, 10**15, allow_nan=False, allow_infinity=False, places=2)


@given(amounts, st.sampled_from(["EUR", "USD", "NOK"]), st.sampled_from(["", "<", ">", "~"]))
def test_every_amount_can_be_written_and_read_back(amount, currency, bound):
    money = Money(amount, currency, bound)
    assert Money.parse(money.iso()) == money
    assert str(money)


# --- Quantities --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "printed"),
    [
        ("29", 29, 29, "", "29"),
        ("51 %", 51, 51, "%", "51%"),
        ("51%", 51, 51, "%", "51%"),
        ("400000 t", 400000, 400000, "t", "400,000 t"),
        ("> 500 SMEs", 500, 500, "SMEs", "more than 500 SMEs"),
        ("~ 3 years", 3, 3, "years", "about 3 years"),
        ("4-5 million jobs", 4000000, 5000000, "jobs", "4-5 million jobs"),
        ("5 - 6", 5, 6, "", "5-6"),
        ("0.71", "0.71", "0.71", "", "0.71"),
        ("-3 °C", -3, -3, "°C", "-3 °C"),
        ("900000-2000000 t", 900000, 2000000, "t", "900,000-2 million t"),
        ("5 thousandths", 5, 5, "thousandths", "5 thousandths"),
    ],
)
def test_quantities_are_read_and_printed_one_way(text, low, high, unit, printed):
    quantity = Quantity.parse(text)
    assert quantity == Quantity(Decimal(low), Decimal(high), unit, quantity.bound)
    assert str(quantity) == printed
    assert Quantity.parse(quantity.iso()) == quantity


def test_a_quantity_may_come_as_a_number():
    assert Quantity.parse(8) == Quantity.parse("8")


@pytest.mark.parametrize(
    "text", ["", "many", "1,000 t", "1 000 t", "1.000,5", "6-5", "5-", "SMEs 5", "5..6", "true"]
)
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a quantity|ends before it begins"):
        Quantity.parse(text)


@given(
    st.integers(-(10**12), 10**12), amounts, st.sampled_from(["", "<", ">", "~"]),
    st.from_regex(r"([a-zA-Z%][a-zA-Z% ]{0,12})?", fullmatch=True),
)  # fmt: skip
def test_every_quantity_can_be_written_and_read_back(low, more, bound, unit):
    unit = unit.strip()
    assume(unit.split(" ")[0] not in {"thousand", "million", "billion"})
    quantity = Quantity(Decimal(low), Decimal(low), unit, bound)
    assert Quantity.parse(quantity.iso()) == quantity
    span = Quantity(abs(quantity.low), abs(quantity.low) + more, unit, bound)
    assert Quantity.parse(span.iso()) == span


# --- Durations ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "months", "printed"),
    [
        ("5 years", 60, "5 years"),
        ("1 year", 12, "1 year"),
        ("1 month", 1, "1 month"),
        ("9 months", 9, "9 months"),
        ("12 months", 12, "1 year"),
        ("18 months", 18, "18 months"),
    ],
)
def test_durations(text, months, printed):
    assert Duration.parse(text).months == months
    assert str(Duration.parse(text)) == printed


@pytest.mark.parametrize("text", ["", "5", "years", "5 days", "5.5 years", "-1 year", "5years"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="is not a duration"):
        Duration.parse(text)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_durations_round_trip_and_are_ordered_by_length(one, other):
    left, right = Duration(one), Duration(other)
    assert Duration.parse(left.iso()) == left
    assert (left < right) == (one < other)


# --- Any text, any value -----------------------------------------------------------------------


@given(st.one_of(st.text(max_size=30), st.none(), st.booleans(), st.lists(st.text(max_size=3))))
def test_reading_anything_gives_a_value_that_round_trips_or_a_value_error(anything):
    for read in (PartialDate.parse, Money.parse, Quantity.parse, Duration.parse):
        try:
            value = read(anything)
        except ValueError:
            continue
        assert read(value.iso()) == value


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        ("0", "0"), ("999999", "999,999"), ("1000000", "1 million"), ("4500000", "4.5 million"),
        ("4550000", "4,550,000"), ("1500000000", "1.5 billion"), ("-2000000", "-2 million"),
        ("0.123456", "0.123456"), ("9.3333333333", "9.333333"),
    ],
)  # fmt: skip
def test_numbers_for_readers(number, printed):
    assert number_text(Decimal(number)) == printed
