from pathlib import Path

import pytest

from app.settings import Settings, read_settings, variables
from corpus.errors import SettingsError


def test_nothing_set_gives_the_defaults():
    settings = read_settings({})
    assert settings.partnership == "ambp"
    assert settings.bundled
    assert settings.embedder is None
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.data_dir.is_absolute()


def test_every_field_has_a_variable_and_it_is_read():
    values = {
        "AMBP_DATA_DIR": "/somewhere",
        "AMBP_PARTNERSHIP": "other",
        "AMBP_BUNDLED": "false",
        "AMBP_EMBEDDER": "/models/a",
        "AMBP_EMBEDDER_LANGUAGES": "en,es",
        "AMBP_RERANKER": "/models/b",
        "AMBP_CHROMA_HOST": "chroma.local",
        "AMBP_CHROMA_PORT": "9000",
        "AMBP_HOST": "0.0.0.0",
        "AMBP_PORT": "80",
        "AMBP_MAX_FILE_MB": "5",
        "AMBP_QUESTION_LOG_DAYS": "90",
        "AMBP_LLM": "ollama:llama3.1:8b",
        "AMBP_LLM_BASE_URL": "http://models.local:11434",
        "AMBP_LLM_TIMEOUT_SECONDS": "30",
        "AMBP_LLM_MAX_TOKENS": "800",
        "AMBP_HOSTS": "ambp.example.org, Assistant.Example.org",
        "AMBP_API": "false",
        "AMBP_API_ORIGINS": "https://Example.org/, http://localhost:3000",
        "AMBP_API_AT_ONCE": "3",
        "AMBP_METRICS": "Everyone",
        "AMBP_MCP_SCOPES": "sources, ask",
    }
    assert set(values) == set(variables())
    assert read_settings(values) == Settings(
        data_dir=Path("/somewhere"),
        partnership="other",
        bundled=False,
        embedder="/models/a",
        embedder_languages=("en", "es"),
        reranker="/models/b",
        chroma_host="chroma.local",
        chroma_port=9000,
        host="0.0.0.0",
        port=80,
        max_file_mb=5,
        question_log_days=90,
        llm="ollama:llama3.1:8b",
        llm_base_url="http://models.local:11434",
        llm_timeout_seconds=30,
        llm_max_tokens=800,
        hosts=("ambp.example.org", "assistant.example.org"),
        api=False,
        api_origins=("https://example.org", "http://localhost:3000"),
        api_at_once=3,
        metrics="everyone",
        mcp_scopes=("ask", "sources"),
    )


def test_what_the_command_line_gives_wins_and_none_is_not_given(tmp_path):
    environ = {"AMBP_PORT": "80", "AMBP_DATA_DIR": "/somewhere"}
    settings = read_settings(environ, port=81, data_dir=None, bundled=False)
    assert settings.port == 81
    assert settings.data_dir == Path("/somewhere")
    assert not settings.bundled


def test_other_variables_are_none_of_our_business():
    assert read_settings({"PORT": "x", "XAMBP_PORT": "x"}) == read_settings({})


def test_an_empty_text_means_not_set():
    settings = read_settings({"AMBP_EMBEDDER": "", "AMBP_CHROMA_HOST": " ", "AMBP_HOST": ""})
    assert (settings.embedder, settings.chroma_host) == (None, None)
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("unknown", "meant"),
    [
        ("AMBP_DATADIR", "AMBP_DATA_DIR"),
        ("AMBP_DATA-DIR", "AMBP_DATA_DIR"),
        ("AMBP_EMBEDER", "AMBP_EMBEDDER"),
        ("AMBP_MAX_FILE_SIZE", "AMBP_MAX_FILE_MB"),
    ],
)
def test_an_unknown_variable_is_told_with_the_closest_known_one(unknown, meant):
    with pytest.raises(SettingsError, match=unknown) as caught:
        read_settings({unknown: "1"})
    assert caught.value.remedy == f"Did you mean {meant}?"


def test_an_unknown_variable_close_to_none_is_told_with_all():
    with pytest.raises(SettingsError) as caught:
        read_settings({"AMBP_XYZZYXYZZYXYZZY": "1"})
    assert all(name in caught.value.remedy for name in variables())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("AMBP_PORT", "http", "port number"),
        ("AMBP_PORT", "0", "1 to 65535"),
        ("AMBP_PORT", "65536", "1 to 65535"),
        ("AMBP_CHROMA_PORT", "-1", "port number"),
        ("AMBP_BUNDLED", "maybe", "true or false"),
        ("AMBP_BUNDLED", "", "true or false"),
        ("AMBP_MAX_FILE_MB", "0", "at least 1"),
        ("AMBP_MAX_FILE_MB", "1.5", "whole number"),
        ("AMBP_QUESTION_LOG_DAYS", "-1", "from 0 (off)"),
        ("AMBP_QUESTION_LOG_DAYS", "true", "number of days"),
        ("AMBP_DATA_DIR", "", "path of a folder"),
        ("AMBP_HOSTS", "https://ambp.example.org", "host names"),
        ("AMBP_API", "some", "true or false"),
        ("AMBP_API_ORIGINS", "example.org", "addresses of sites"),
        ("AMBP_API_ORIGINS", "*", "addresses of sites"),
        ("AMBP_API_AT_ONCE", "0", "at least 1"),
        ("AMBP_METRICS", "somebody", "this machine, everyone, nobody"),
        ("AMBP_MCP_SCOPES", "ask,write", "ask, search, records, sources"),
    ],
)
def test_a_bad_value_is_told_with_what_was_expected(name, value, expected):
    with pytest.raises(SettingsError, match=name) as caught:
        read_settings({name: value})
    assert expected in caught.value.remedy


def test_the_door_for_mcp_can_be_shut():
    assert read_settings({"AMBP_MCP_SCOPES": ""}).mcp_scopes == ()


@pytest.mark.parametrize("yes", ["1", "true", "TRUE", "yes"])
def test_yes_has_several_forms(yes):
    assert read_settings({"AMBP_BUNDLED": yes}).bundled


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError):
        read_settings({}).port = 1  # type: ignore[misc]


def test_a_partnership_is_found_by_name_or_path(tmp_path):
    (tmp_path / "partnership.yaml").write_text("name: x\n")
    assert (read_settings({}).knowledge_dir / "partnership.yaml").is_file()
    assert read_settings({"AMBP_PARTNERSHIP": str(tmp_path)}).knowledge_dir == tmp_path


def test_a_partnership_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(SettingsError, match="nowhere") as caught:
        _ = read_settings({"AMBP_PARTNERSHIP": "nowhere"}).knowledge_dir
    assert "ambp" in caught.value.remedy


def test_the_languages_of_an_embedder_and_a_reranker() -> None:
    assert read_settings({}).embedder_languages is None
    given = {"AMBP_EMBEDDER_LANGUAGES": "en, ES,", "AMBP_RERANKER": "/models/reranker"}
    settings = read_settings(given)
    assert (settings.embedder_languages, settings.reranker) == (("en", "es"), "/models/reranker")
    with pytest.raises(SettingsError, match="AMBP_EMBEDDER_LANGUAGES"):
        read_settings({"AMBP_EMBEDDER_LANGUAGES": "en;es"})
