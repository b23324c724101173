"""The kinds of structured records that a partnership's knowledge has, and their fields.

Every field is `Observed`: what each source says of it, with place and date. A field that no source
states stays empty; it is never guessed.
"""

from typing import Annotated, ClassVar, Literal

from corpus.schema import (
    Country,
    DateField,
    DurationField,
    MoneyField,
    Observed,
    QuantityField,
    Record,
    Ref,
)

_Region = Annotated[str, Ref(("region",))]
_Organisation = Annotated[str, Ref(("organisation",))]
_Person = Annotated[str, Ref(("person",))]
_Area = Annotated[str, Ref(("thematic_area",))]
_Project = Annotated[str, Ref(("project",))]
_Initiative = Annotated[str, Ref(("initiative",))]
_Lead = Annotated[str, Ref(("organisation", "initiative"))]
_Host = Annotated[str, Ref(("region", "organisation", "initiative"))]
_Workshop = Annotated[str, Ref(("workshop",))]
_Material = Annotated[str, Ref(("material",))]


class Region(Record):
    """A region (or a country that takes part as one) and its part in the partnership."""

    kind: ClassVar[str] = "region"
    role: Observed[Literal["leading", "participating", "interested"]] = Observed()
    coordinates_partnership: Observed[bool] = Observed()
    country: Observed[Country] = Observed()
    nuts: Observed[str] = Observed()
    list_number: Observed[int] = Observed()


class ThematicArea(Record):
    """A field of work of the partnership (also called a pilot or working area)."""

    kind: ClassVar[str] = "thematic_area"
    number: Observed[int] = Observed()
    lead_regions: Observed[tuple[_Region, ...]] = Observed()
    lead_organisations: Observed[tuple[_Organisation, ...]] = Observed()
    coordinators: Observed[tuple[_Person, ...]] = Observed()
    activity: Observed[Literal["active", "not active"]] = Observed()
    involved_regions: Observed[tuple[_Region, ...]] = Observed()
    involved_organisations: Observed[tuple[_Organisation, ...]] = Observed()
    involvement: Observed[str] = Observed()  # who takes part, where a source says it in words
    project_count: Observed[int] = Observed()
    progress: Observed[str] = Observed()


class Project(Record):
    """An investment project of the partnership, or one that it came to know of."""

    kind: ClassVar[str] = "project"
    number: Observed[int] = Observed()
    leader: Observed[_Organisation] = Observed()
    thematic_area: Observed[_Area] = Observed()
    country: Observed[Country] = Observed()
    status: Observed[str] = Observed()
    aim: Observed[str] = Observed()
    stage: Observed[
        Literal["under discussion", "first description in preparation", "described"]
    ] = Observed()
    on_project_list: Observed[bool] = Observed()
    partners: Observed[QuantityField] = Observed()
    partner_organisations: Observed[tuple[_Organisation, ...]] = Observed()
    budget: Observed[MoneyField] = Observed()
    budget_note: Observed[str] = Observed()  # what is said of it beside a sum, or without one
    requested_support: Observed[MoneyField] = Observed()
    duration: Observed[DurationField] = Observed()
    applications: Observed[tuple[str, ...]] = Observed()  # to funders: when, and how it went
    funding: Observed[str] = Observed()
    obstacles: Observed[str] = Observed()
    next_step: Observed[str] = Observed()


class Person(Record):
    """Somebody whom a publication names."""

    kind: ClassVar[str] = "person"
    organisation: Observed[_Organisation] = Observed()
    position: Observed[str] = Observed()
    region: Observed[_Region] = Observed()
    country: Observed[Country] = Observed()
    email: Observed[str] = Observed()
    phone: Observed[str] = Observed()
    responsible_for: Observed[str] = Observed()


class Organisation(Record):
    """A company, institute, cluster, agency, ministry or other body."""

    kind: ClassVar[str] = "organisation"
    organisation_type: Observed[
        Literal[
            "company",
            "research organisation",
            "university",
            "cluster",
            "public body",
            "association",
            "network",
            "bank",
            "other",
        ]
    ] = Observed()
    abbreviation: Observed[str] = Observed()
    country: Observed[Country] = Observed()
    region: Observed[_Region] = Observed()
    geography: Observed[str] = Observed()  # the area that it is in or works for, if no region here
    listed_as: Observed[tuple[str, ...]] = Observed()  # the lists in which a publication names it
    aim: Observed[str] = Observed()
    tasks: Observed[tuple[str, ...]] = Observed()
    expertise: Observed[tuple[str, ...]] = Observed()
    members: Observed[QuantityField] = Observed()
    founded: Observed[DateField] = Observed()
    budget: Observed[MoneyField] = Observed()
    contacts: Observed[tuple[_Person, ...]] = Observed()
    email: Observed[str] = Observed()
    phone: Observed[str] = Observed()
    address: Observed[str] = Observed()
    website: Observed[str] = Observed()


class Requirement(Record):
    """A condition that a region, a project or an application has to meet."""

    kind: ClassVar[str] = "requirement"
    applies_to: Observed[Literal["investment project", "joining region", "funding application"]] = (
        Observed()
    )
    topic: Observed[str] = Observed()
    statement: Observed[str] = Observed()


class Event(Record):
    """A meeting, launch, publication or deadline."""

    kind: ClassVar[str] = "event"
    date: Observed[DateField] = Observed()
    place: Observed[str] = Observed()
    country: Observed[Country] = Observed()
    event_type: Observed[
        Literal["meeting", "launch", "publication", "application", "decision", "mission", "other"]
    ] = Observed()
    state: Observed[Literal["held", "planned", "cancelled"]] = Observed()
    participants: Observed[QuantityField] = Observed()
    attendees: Observed[tuple[_Person, ...]] = Observed()
    organisers: Observed[tuple[_Host, ...]] = Observed()
    topic: Observed[str] = Observed()


class Initiative(Record):
    """An initiative, programme, instrument, platform or project beside the partnership's own."""

    kind: ClassVar[str] = "initiative"
    abbreviation: Observed[str] = Observed()
    initiative_type: Observed[
        Literal["EU initiative", "funding instrument", "regional programme", "project", "platform"]
    ] = Observed()
    complements_partnership: Observed[bool] = Observed()
    aim: Observed[str] = Observed()
    launched: Observed[DateField] = Observed()
    period: Observed[DateField] = Observed()
    lead: Observed[_Lead] = Observed()
    budget: Observed[MoneyField] = Observed()
    minimum_project_budget: Observed[MoneyField] = Observed()
    partners: Observed[QuantityField] = Observed()
    partner_organisations: Observed[tuple[_Organisation, ...]] = Observed()
    regions: Observed[QuantityField] = Observed()
    countries: Observed[QuantityField] = Observed()
    geography: Observed[str] = Observed()  # the area that it is for
    funding: Observed[str] = Observed()  # who pays for it
    components: Observed[tuple[str, ...]] = Observed()  # its parts, priorities or themes
    related_to: Observed[tuple[_Initiative, ...]] = Observed()  # what it is part of or aligned with
    contacts: Observed[tuple[_Person, ...]] = Observed()
    email: Observed[str] = Observed()
    website: Observed[str] = Observed()


class Figure(Record):
    """One measured, counted or expected number about a topic, at a date."""

    kind: ClassVar[str] = "figure"
    topic: Observed[str] = Observed()  # what is counted or measured; same words, same series
    amount: Observed[QuantityField] = Observed()
    money: Observed[MoneyField] = Observed()
    date: Observed[DateField] = Observed()  # when it held, or for when it is expected
    geography: Observed[str] = Observed()


class Goal(Record):
    """A Sustainable Development Goal and how far the partnership says it contributes to it."""

    kind: ClassVar[str] = "goal"
    number: Observed[int] = Observed()
    rating: Observed[
        Literal[
            "strongly agree",
            "agree",
            "neutral",
            "disagree",
            "strongly disagree",
            "not applicable",
            "not rated",
        ]
    ] = Observed()


class NextStep(Record):
    """Something that is planned."""

    kind: ClassVar[str] = "next_step"
    statement: Observed[str] = Observed()
    date: Observed[DateField] = Observed()


class Challenge(Record):
    """Something that stands in the way of the partnership or its field."""

    kind: ClassVar[str] = "challenge"
    statement: Observed[str] = Observed()


class Finding(Record):
    """Something that a publication states about the field at large and that is not one number."""

    kind: ClassVar[str] = "finding"
    topic: Observed[str] = Observed()
    statement: Observed[str] = Observed()
    countries: Observed[tuple[Country, ...]] = Observed()  # those that it holds for
    regions: Observed[tuple[_Region, ...]] = Observed()


class Term(Record):
    """A word or abbreviation of the field; ``summary`` says what the publication means by it."""

    kind: ClassVar[str] = "term"
    abbreviation: Observed[str] = Observed()
    expansion: Observed[str] = Observed()  # what an abbreviation stands for


class Workshop(Record):
    """A working session on one topic whose results are published."""

    kind: ClassVar[str] = "workshop"
    topic: Observed[str] = Observed()
    participants: Observed[str] = Observed()


Category = Literal[
    "economic",
    "environmental",
    "technological",
    "political",
    "legal",
    "societal",
    "political/societal",
    "legal/technological",
]


class Barrier(Record):
    """A barrier that a workshop named."""

    kind: ClassVar[str] = "barrier"
    workshop: Observed[_Workshop] = Observed()
    category: Observed[Category] = Observed()
    statement: Observed[str] = Observed()


class Lever(Record):
    """A lever (something that helps) that a workshop named."""

    kind: ClassVar[str] = "lever"
    workshop: Observed[_Workshop] = Observed()
    category: Observed[Category] = Observed()
    statement: Observed[str] = Observed()


class Material(Record):
    """A raw material for batteries."""

    kind: ClassVar[str] = "material"
    critical: Observed[bool] = Observed()
    symbol: Observed[str] = Observed()  # chemical
    uses: Observed[tuple[str, ...]] = Observed()
    substitutability_index: Observed[QuantityField] = Observed()
    recycling_input_rate: Observed[QuantityField] = Observed()
    found_in: Observed[tuple[Country, ...]] = Observed()


class SupplyShare(Record):
    """A country's share of the world's production, or of the EU's imports, of a material."""

    kind: ClassVar[str] = "supply_share"
    material: Observed[_Material] = Observed()
    country: Observed[Country] = Observed()
    flow: Observed[Literal["world production", "EU imports"]] = Observed()
    share: Observed[QuantityField] = Observed()
    date: Observed[DateField] = Observed()  # the years that the share is of


class WorkPackage(Record):
    """A work package of a project."""

    kind: ClassVar[str] = "work_package"
    number: Observed[int] = Observed()
    part_of: Observed[_Initiative] = Observed()
    objective: Observed[str] = Observed()
    tasks: Observed[tuple[str, ...]] = Observed()


class GovernanceBody(Record):
    """A function that runs a project or partnership."""

    kind: ClassVar[str] = "governance_body"
    part_of: Observed[_Initiative] = Observed()
    task: Observed[str] = Observed()
    led_by: Observed[str] = Observed()


class FundingCall(Record):
    """A call for applications and its conditions."""

    kind: ClassVar[str] = "funding_call"
    part_of: Observed[_Initiative] = Observed()
    aim: Observed[str] = Observed()
    trl: Observed[QuantityField] = Observed()  # technology readiness levels targeted, 1 to 9
    duration: Observed[DurationField] = Observed()
    period: Observed[DateField] = Observed()
    beneficiaries: Observed[QuantityField] = Observed()


KINDS: dict[str, type[Record]] = {
    cls.kind: cls
    for cls in (
        Region,
        ThematicArea,
        Project,
        Person,
        Organisation,
        Requirement,
        Event,
        Initiative,
        Figure,
        Goal,
        NextStep,
        Challenge,
        Finding,
        Term,
        Workshop,
        Barrier,
        Lever,
        Material,
        SupplyShare,
        WorkPackage,
        GovernanceBody,
        FundingCall,
    )
}
