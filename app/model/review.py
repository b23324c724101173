"""What staff do with proposals: have a document read, look, change, accept, reject."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from langchain_core.language_models import BaseChatModel

from app.accepted import record_of, spec_of
from app.answering.lexicon import Lexicon
from app.conditions import ids_of
from app.model.failures import ModelFailed
from app.model.reading import Reader, part_count
from app.model.stating import Statements
from app.proposals import Proposal, ProposedField, Reading, State, changed_meanwhile
from app.workspace import Workspace
from corpus.errors import AssistantError, QueryError, UnknownSource
from corpus.model import Source
from corpus.schema import FieldSpec, FieldType
from corpus.vocabulary import load_vocabulary
from retrieval.query import Records


class Review:
    """The proposals of one workspace. Every change is seen by the next question."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read(self, source_id: str, model: BaseChatModel, seconds: float = 120.0) -> Reading:
        """Have the model read an added source, a part at a time; each part's proposals are kept.

        Raises UnknownSource for a source that was not added (what is shipped has its records), and
        AssistantError where the model gave nothing that can be used; it says what was kept.
        """
        source = self._source(source_id)
        knowledge, library = self._workspace.knowledge, self._workspace.library
        lexicon = Lexicon(
            load_vocabulary(), knowledge.records, library.sources(), knowledge.partnership
        )
        reader = Reader(model, Records(knowledge.records), Statements(lexicon), seconds)
        documents = {
            content_hash: library.passages(document_id)
            for content_hash, document_id in self._workspace.added_contents(source_id)
        }
        parts = sum(part_count(passages) for passages in documents.values())
        count = read = 0
        try:
            for content_hash, passages in documents.items():
                for found in reader.read(source, content_hash, passages):
                    count += self._workspace.proposals.add(found)
                    read += 1
        except ModelFailed as failure:
            raise AssistantError(
                f"The chat model could not read it: {failure}",
                remedy=f"It read {read} of {parts} parts before, with {count} new proposals, "
                "which are kept."
                if read
                else "",
            ) from failure
        return Reading(count, read, parts)

    def pending(self, source_id: str = "") -> list[Proposal]:
        """What waits for a decision, of one source or of all."""
        held = dict.fromkeys(s.id for s in self._workspace.sources())
        found = self._workspace.proposals.all(State.PENDING, source_id)
        return [proposal for proposal in found if proposal.source_id in held]

    def accepted(self, source_id: str = "") -> list[Proposal]:
        """What has become a record."""
        return self._workspace.proposals.all(State.ACCEPTED, source_id)

    def get(self, proposal_id: int) -> Proposal:
        """One proposal; raises LibraryError when there is none of that id."""
        return self._workspace.proposals.get(proposal_id)

    def change(
        self, proposal_id: int, name: str = "", values: Mapping[str, Sequence[str]] | None = None
    ) -> Proposal:
        """Change a proposal's name and values by field (no values: the field goes).

        The quotes stay: they are the document's. Raises QueryError for a value that is none of its
        field, LibraryError for a proposal that is gone or was decided on.
        """
        old = self.get(proposal_id)
        return self._decide(old, old.state, name, values or {})

    def accept(
        self, proposal_id: int, values: Mapping[str, Sequence[str]] | None = None, version: str = ""
    ) -> Proposal:
        """Make a proposal a record, with these values by field where there are any.

        It answers from the next question on. ``version`` is that of what the person looked at; ""
        takes it as it is now. Raises as `change` does; then nothing is changed.
        """
        return self._decide(self._seen(proposal_id, version), State.ACCEPTED, "", values or {})

    def reject(self, proposal_id: int, version: str = "") -> Proposal:
        """Turn a proposal down, also one that was accepted: its record is gone again."""
        proposal = self._seen(proposal_id, version)
        self._workspace.proposals.decide(proposal, State.REJECTED)
        self._workspace.bring_accepted_up_to_date()
        return self.get(proposal_id)

    def _seen(self, proposal_id: int, version: str) -> Proposal:
        """A proposal; raises LibraryError where it is not what a person looked at any more."""
        proposal = self.get(proposal_id)
        if version and version != proposal.version:
            raise changed_meanwhile(proposal_id)
        return proposal

    def _decide(
        self, old: Proposal, state: State, name: str, values: Mapping[str, Sequence[str]]
    ) -> Proposal:
        """Change and decide in one step of the store, so that nobody sees the half of it."""
        known = {field.name for field in old.fields}
        if unknown := sorted(set(values) - known):
            raise QueryError(
                f"the proposal has no field {unknown[0]}", remedy="Only its fields can be changed."
            )
        fields = tuple(_changed(f, values) for f in old.fields if values.get(f.name, f.values))
        new = self._checked(replace(old, name=name.strip() or old.name, fields=fields))
        self._workspace.proposals.decide(old, state, new)
        if State.ACCEPTED in (old.state, state):
            self._workspace.bring_accepted_up_to_date()
        return replace(new, state=state)

    def _source(self, source_id: str) -> Source:
        source = self._workspace.library.source(source_id)
        if source is None or not self._workspace.added_contents(source_id):
            raise UnknownSource(f"There is no added source {source_id}")
        return source

    def _checked(self, proposal: Proposal) -> Proposal:
        """The proposal with the ids of the records that it refers to, if it can be a record."""
        if not proposal.fields:
            raise QueryError("the proposal has no field left", remedy="Reject it instead.")
        held = self._workspace.added_contents(proposal.source_id)
        if proposal.content_hash not in {content for content, _ in held}:
            raise QueryError(
                "the document that this was read from was replaced or removed",
                remedy="Reject it, and have the new document read.",
            )
        try:
            records = Records(self._workspace.knowledge.records)
            found = replace(
                proposal,
                fields=tuple(_looked_up(proposal.kind, f, records) for f in proposal.fields),
            )
            record_of(found, self._source(proposal.source_id))
        except (ValueError, TypeError) as error:
            raise QueryError(f"this cannot be a record ({error})") from error
        return found


def _looked_up(kind: str, field: ProposedField, records: Records) -> ProposedField:
    """A field with ids for the names of other things; raises QueryError where there is none."""
    spec = spec_of(kind, field.name)
    if spec.type is not FieldType.REFERENCE:
        return field
    return replace(field, values=tuple(_id_of(each, spec, records) for each in field.values))


def _id_of(name: str, spec: FieldSpec, records: Records) -> str:
    found = ids_of(name.strip(), spec.targets, records)
    if len(found) == 1:
        return found[0]
    what = " or ".join(spec.targets)
    if not found:
        raise QueryError(
            f"{spec.name}: there is no record of a {what} called {name}",
            remedy="Write the name of one that there is, or leave the field empty.",
        )
    raise QueryError(
        f"{spec.name}: more than one {what} is called {name}",
        remedy=f"Write which: {', '.join(found)}.",
    )


def _changed(field: ProposedField, given: Mapping[str, Sequence[str]]) -> ProposedField:
    return replace(field, values=tuple(given.get(field.name, field.values)))
