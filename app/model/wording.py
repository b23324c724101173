"""The chat model of an assistant: opened once, used by each engine that the assistant makes."""

from typing import Self

from langchain_core.language_models import BaseChatModel

from app.answering.engine import Engine
from app.model.opening import open_model
from app.model.tally import Tally
from app.model.worded import Limits, WordedAnswers
from app.settings import Settings
from app.workspace import Workspace
from corpus.vocabulary import Vocabulary


class Wording:
    """A chat model and what it has cost since it was opened (``tally``)."""

    def __init__(self, model: BaseChatModel, limits: Limits) -> None:
        self.model = model
        self.tally = Tally()
        self._limits = limits

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the model of ``settings.llm``; raises SettingsError (see `open_model`)."""
        limits = Limits(settings.llm or "", float(settings.llm_timeout_seconds), settings.data_dir)
        return cls(open_model(settings), limits)

    @property
    def name(self) -> str:
        """The model as the settings name it (``provider:model``)."""
        return self._limits.name

    def make(self, workspace: Workspace, vocabulary: Vocabulary) -> WordedAnswers:
        """The engine over what the workspace holds now, worded by the model."""
        engine = Engine(workspace.library, workspace.knowledge, vocabulary, where=workspace.where)
        return WordedAnswers(engine, self.model, self._limits, self.tally)
