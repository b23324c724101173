"""What staff do with proposals: have a document read, look, change, accept, reject."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from langchain_core.language_models import BaseChatModel

from app.model.failures import ModelFailed
from app.model.proposals import Proposal, ProposedField, State
from app.model.reading import Reader
from app.model.stating import Statements, record_of
from app.workspace import Workspace
from corpus.errors import AssistantError, QueryError, UnknownSource
from corpus.model import Source
from corpus.vocabulary import load_vocabulary
from retrieval.query import Records


class Review:
    """The proposals of one workspace. Every change is seen by the next question."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read(self, source_id: str, model: BaseChatModel, seconds: float = 120.0) -> int:
        """Have the model read an added source; returns how many new proposals there are.

        Raises UnknownSource for a source that was not added (what is shipped has its records), and
        AssistantError where the model gave nothing that can be used.
        """
        from app.answering.lexicon import Lexicon

        source = self._source(source_id)
        knowledge, library = self._workspace.knowledge, self._workspace.library
        lexicon = Lexicon(
            load_vocabulary(), knowledge.records, library.sources(), knowledge.partnership
        )
        reader = Reader(model, Records(knowledge.records), Statements(lexicon), seconds)
        count = 0
        for content_hash, document_id in self._workspace.added_contents(source_id):
            try:
                found = reader.read(source, content_hash, library.passages(document_id))
            except ModelFailed as failure:
                raise AssistantError(f"The chat model could not read it: {failure}") from failure
            count += self._workspace.proposals.add(found)
        return count

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
        given = dict(values or {})
        known = {field.name for field in old.fields}
        if unknown := sorted(set(given) - known):
            raise QueryError(
                f"the proposal has no field {unknown[0]}", remedy="Only its fields can be changed."
            )
        fields = tuple(_changed(f, given) for f in old.fields if given.get(f.name, f.values))
        new = replace(old, name=name.strip() or old.name, fields=fields)
        self._checked(new)
        self._workspace.proposals.decide(new, old.state)
        if new.state is State.ACCEPTED:
            self._workspace.bring_accepted_up_to_date()
        return new

    def accept(self, proposal_id: int) -> Proposal:
        """Make a proposal a record, which answers from the next question on."""
        proposal = self.get(proposal_id)
        self._checked(proposal)
        self._workspace.proposals.decide(proposal, State.ACCEPTED)
        self._workspace.bring_accepted_up_to_date()
        return self.get(proposal_id)

    def reject(self, proposal_id: int) -> Proposal:
        """Turn a proposal down, also one that was accepted: its record is gone again."""
        proposal = self.get(proposal_id)
        self._workspace.proposals.decide(proposal, State.REJECTED)
        self._workspace.bring_accepted_up_to_date()
        return self.get(proposal_id)

    def _source(self, source_id: str) -> Source:
        source = self._workspace.library.source(source_id)
        if source is None or not self._workspace.added_contents(source_id):
            raise UnknownSource(f"There is no added source {source_id}")
        return source

    def _checked(self, proposal: Proposal) -> None:
        if not proposal.fields:
            raise QueryError("the proposal has no field left", remedy="Reject it instead.")
        try:
            record_of(proposal, self._source(proposal.source_id))
        except (ValueError, TypeError) as error:
            raise QueryError(f"this cannot be a record ({error})") from error


def _changed(field: ProposedField, given: Mapping[str, Sequence[str]]) -> ProposedField:
    return replace(field, values=tuple(given.get(field.name, field.values)))
