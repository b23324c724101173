"""Chat models of every provider are opened by their real client libraries, and asked for real."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from conftest import SECOND_PARTNERSHIP
from fakes import ContentEmbedder
from model_server import Reply, model_server
from models_that_fail import honest

from app.assistant import Assistant
from app.model.opening import open_model
from app.quiet import stay_quiet
from app.settings import Settings, read_settings
from app.workspace import Workspace
from corpus.errors import SettingsError

BUDGET = "What is the budget of Seaweed Vats?"
# Clients of LangChain's cannot be closed: their connections are when they are forgotten.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "MISTRAL_API_KEY")


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def server():
    with model_server() as running:
        yield running


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("opening"), partnership=str(SECOND_PARTNERSHIP)
    )
    opened = Workspace.open(settings, embedder=ContentEmbedder())
    yield opened
    opened.close()


def asked(workspace, **settings):
    """The answer of an assistant with that model over the same library."""
    workspace.settings = replace(workspace.settings, **settings)
    return Assistant(workspace).ask(BUDGET)


@pytest.mark.parametrize(
    ("model", "key", "path", "address"),
    [
        ("openai:m", "", "/v1/chat/completions", "/v1"),
        ("openai:m", "OPENAI_API_KEY", "/v1/chat/completions", "/v1"),
        ("ollama:m", "", "/api/chat", ""),
        ("mistral:mistral-m", "MISTRAL_API_KEY", "/v1/chat/completions", "/v1"),
        ("anthropic:claude-m", "ANTHROPIC_API_KEY", "/v1/messages", ""),
    ],
)
def test_a_provider_is_asked_through_its_own_client(
    workspace, server, monkeypatch, model, key, path, address
):
    if key:
        monkeypatch.setenv(key, "a-secret-of-mine")
    server.script = honest
    server.requests.clear()
    answer = asked(workspace, llm=model, llm_base_url=server.url + address)
    assert answer.fallback == ""
    assert answer.wording == model
    assert "€4.5 million" in answer.text
    assert (answer.usage.tokens_in, answer.usage.tokens_out) == (120, 30)
    (request,) = server.requests
    assert request.path == path
    assert len(request.tools) == 3
    assert bool(key) == ("a-secret-of-mine" in str(request.headers))
    assert "a-secret-of-mine" not in str(request.body)


@pytest.mark.parametrize("broken", ["no_end", "cut", "malformed", "truncated"])
@pytest.mark.parametrize("model", ["ollama:m", "mistral:mistral-m"])
def test_what_breaks_elsewhere_costs_no_answer_either(
    workspace, server, monkeypatch, model, broken
):
    monkeypatch.setenv("MISTRAL_API_KEY", "k")
    server.script = lambda request: Reply("The budget of project 2 is much. " * 4, broken=broken)
    address = server.url + ("/v1" if "mistral" in model else "")
    answer = asked(workspace, llm=model, llm_base_url=address)
    assert answer.fallback
    assert "€4.5 million" in answer.text


@pytest.mark.parametrize("status", [401, 404, 429, 500])
@pytest.mark.parametrize("model", ["ollama:m", "mistral:mistral-m", "anthropic:claude-m"])
def test_errors_of_other_servers_are_told_in_words(workspace, server, monkeypatch, model, status):
    monkeypatch.setenv("MISTRAL_API_KEY", "k")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    server.script = lambda request: Reply(status=status)
    address = server.url + ("/v1" if "mistral" in model else "")
    answer = asked(workspace, llm=model, llm_base_url=address)
    assert "its server" in answer.fallback
    assert "€4.5 million" in answer.text


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("openai:gpt", "OPENAI_API_KEY"),
        ("anthropic:claude-x", "ANTHROPIC_API_KEY"),
        ("nobody:knows", "provider:model"),
        ("huggingface:/there/is/none", "path of a folder"),
    ],
)
def test_what_a_model_lacks_is_said_at_once(tmp_path, model, said):
    with pytest.raises(SettingsError) as raised:
        open_model(Settings(data_dir=tmp_path, llm=model))
    assert said in raised.value.line()


def test_the_extra_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("app.model.opening.importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingsError) as raised:
        open_model(Settings(data_dir=tmp_path, llm="ollama:m"))
    assert "pip install -e '.[ollama]'" in raised.value.line()


@pytest.mark.parametrize("value", ["gpt-4", ":model", "ollama:", "  : "])
def test_a_model_is_named_with_its_provider(value):
    with pytest.raises(SettingsError) as raised:
        read_settings({"AMBP_LLM": value})
    assert "a provider and a model" in raised.value.line()


@pytest.mark.parametrize("value", ["localhost:8000", "http://user:key@host/v1", "ftp://host"])
def test_an_address_has_no_key_in_it(value):
    with pytest.raises(SettingsError, match="AMBP_LLM_BASE_URL"):
        read_settings({"AMBP_LLM_BASE_URL": value})


def test_nothing_is_traced_whatever_the_shell_says():
    wanted = {
        "LANGSMITH_TRACING_V2": "true", "LANGCHAIN_TRACING_V2": "true", "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING": "true", "LANGSMITH_API_KEY": "k",
    }  # fmt: skip
    stay_quiet(wanted)
    code = "import langsmith.utils as u; print(u.tracing_is_enabled())"
    said = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **wanted}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "False"


def test_langchain_is_not_loaded_without_a_model():
    code = (
        "import sys, app.assistant, app.cli; "
        "print([m for m in sys.modules if m.startswith(('langchain', 'openai', 'ollama'))])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    """A causal model of two small layers that knows nothing, with a tokenizer of its own."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<unk>", "<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    tokenizer.train_from_iterator(["The budget of the mill is four million."], trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>",
        pad_token="</s>",
    )  # fmt: skip
    fast.chat_template = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(fast), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=8192, eos_token_id=2, bos_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_model_on_this_machine_is_loaded_and_run(workspace, tiny_model):
    workspace.settings = replace(
        workspace.settings, llm=f"huggingface:{tiny_model}", llm_base_url=None, llm_max_tokens=12
    )
    assistant = Assistant(workspace)
    answer = assistant.ask(BUDGET)
    assert "nothing that it wrote" in answer.fallback or "empty" in answer.fallback
    assert "€4.5 million" in answer.text
    assert answer.usage.calls >= 1
    assert assistant.wording.model.invoke("The budget of").content
