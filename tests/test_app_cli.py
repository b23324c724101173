import csv
import io
import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import urllib.request
from contextlib import closing

import pytest
from conftest import ROOT
from fakes import FakeEmbedder
from made_up import TopPassage, make_partnership

from app.answering.answer import Answer, Status
from app.assistant import Assistant
from app.cli import main
from app.commands.doctor import CHECKS
from app.workspace import Workspace
from corpus.errors import LibraryBusy
from retrieval.embedder import default_folder


class Line:
    """The command line on a made-up partnership."""

    def __init__(self, folder, capsys, monkeypatch):
        self.folder, self._capsys = folder, capsys
        self.data = folder / "data"
        self.environ = {"AMBP_PARTNERSHIP": str(make_partnership(folder / "lakes"))}
        self.make = lambda workspace, _: TopPassage(workspace.library, workspace.where)
        monkeypatch.setenv("COLUMNS", "100")

    def open(self, settings, on_progress):
        return Assistant(Workspace.open(settings, on_progress, FakeEmbedder()), self.make)

    def __call__(self, *arguments, environ=None):
        """Exit code, standard output, standard error."""
        code = main(
            ["--data-dir", str(self.data), *map(str, arguments)],
            environ={**self.environ, **(environ or {})},
            open_assistant=self.open,
        )
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err


@pytest.fixture
def ambp(tmp_path, capsys, monkeypatch):
    return Line(tmp_path, capsys, monkeypatch)


def fails(result, code, *parts):
    """The command failed with one line on stderr that has these parts."""
    got, out, err = result
    assert got == code
    assert err.count("\n") == 1
    assert err.startswith("ambp: ")
    for part in parts:
        assert part in err
    return out


# --- ask ---------------------------------------------------------------------------------------


def test_an_answer_comes_with_its_footnotes(ambp):
    code, out, err = ambp("ask", "Which water does it clean?")
    assert (code, err) == (0, "")
    answer, footnote = out.strip().split("\n\n")
    assert answer == "The Lakeside Partnership cleans the water of seven lakes. [1]"
    assert footnote == (
        "[1] Lake note, Lakeside, March 2021, p. 1, Aims, https://lakes.example/note "
        "“The Lakeside Partnership cleans the water of seven lakes.”"
    )


def test_history_comes_before_the_question(ambp):
    _, without, _ = ambp("ask", "xyzzy?")
    assert without.startswith("Nothing says so.")
    _, out, _ = ambp("ask", "xyzzy?", "--history", "xyzzy", "--history", "seven lakes?")
    assert "seven lakes" in out


def test_an_answer_as_json(ambp):
    code, out, _ = ambp("ask", "Which water does it clean?", "--format", "json")
    row = json.loads(out)
    assert code == 0
    assert set(row) == {"question", "answer", "status", "citations", "notes"}
    assert row["status"] == "answered"
    (citation,) = row["citations"]
    assert citation == {
        "n": 1,
        "source": "lake-note",
        "title": "Lake note",
        "section": "Aims",
        "page": 1,
        "as_of": "2021-03",
        "url": "https://lakes.example/note",
        "quote": "The Lakeside Partnership cleans the water of seven lakes.",
    }


def test_a_refusal_is_an_answer_too(ambp):
    code, out, _ = ambp("ask", "xyzzy", "--format", "json")
    assert (code, json.loads(out)["status"]) == (0, "abstained")


def batch(tmp_path, *rows):
    path = tmp_path / "questions.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_batch_gives_one_row_per_question(ambp, tmp_path):
    path = batch(
        tmp_path,
        {"id": "q1", "question": "Which water?", "history": [], "must": ["ignored"]},
        "",
        {"id": 2, "question": "xyzzy?", "history": ["seven lakes?"]},
        {"id": "q3", "question": "line\u2028separator xyzzy"},
    )
    output = tmp_path / "answers.jsonl"
    assert ambp("ask", "--batch", path, "--output", output) == (0, "", "")
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").split("\n")[:-1]]
    assert [row["id"] for row in rows] == ["q1", 2, "q3"]
    assert [row["status"] for row in rows] == ["answered", "answered", "abstained"]
    for row in rows:
        assert list(row) == [
            "id", "question", "answer", "status", "citations", "notes", "seconds",
        ]  # fmt: skip
        assert row["seconds"] >= 0
    assert sorted(path.name for path in tmp_path.glob("*answers*")) == ["answers.jsonl"]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(output.stat().st_mode) == 0o666 & ~umask


def test_a_batch_without_output_goes_to_standard_output(ambp, tmp_path):
    code, out, _ = ambp("ask", "--batch", batch(tmp_path, {"id": 1, "question": "lakes?"}))
    assert (code, json.loads(out)["id"]) == (0, 1)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{not json", "JSON"),
        ('{"id": 2}', "question"),
        ('{"question": "x"}', "id"),
        ('{"id": 2, "question": "x", "history": "y"}', "history"),
        ("[1]", "object"),
    ],
)
def test_a_bad_line_of_a_batch_is_named(ambp, tmp_path, bad, why):
    path = batch(tmp_path, {"id": 1, "question": "x"}, bad)
    output = tmp_path / "answers.jsonl"
    output.write_text("kept")
    fails(ambp("ask", "--batch", path, "--output", output), 1, "line 2", why, "A row is")
    assert output.read_text() == "kept"


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (
            LibraryBusy("The library is busy", remedy="Try again."),
            "The library is busy. Try again.",
        ),
        (ZeroDivisionError("here"), "ZeroDivisionError: here"),
    ],
)
def test_an_error_amid_a_batch_costs_one_row_and_is_told_at_the_end(ambp, tmp_path, error, why):
    class Breaks:
        def ask(self, question, history=()):
            if question == "break":
                raise error
            return Answer(question, "Seven.", Status.ANSWERED)

    ambp.make = lambda *_: Breaks()
    output = tmp_path / "answers.jsonl"
    questions = [{"id": n, "question": q} for n, q in enumerate(["x", "break", "y"])]
    log = ambp.data / "ambp.log"
    result = ambp("ask", "--batch", batch(tmp_path, *questions), "--output", output)
    fails(result, 1, "1 of 3 questions could not be answered", str(log))
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [row["id"] for row in rows] == [0, 1, 2]
    assert [row["status"] for row in rows] == ["answered", "abstained", "answered"]
    assert rows[1]["notes"] == [f"This question failed: {why}"]
    assert rows[1]["citations"] == []
    assert set(rows[1]) == set(rows[0])
    assert "Traceback" in log.read_text()


def test_an_output_that_cannot_be_written_is_told(ambp, tmp_path):
    path = batch(tmp_path, {"id": 1, "question": "x"})
    output = tmp_path / "no" / "where.jsonl"
    fails(ambp("ask", "--batch", path, "--output", output), 1, "where.jsonl", "--output")


def test_a_batch_that_is_not_text_is_told(ambp, tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'{"id": 1, "question": "\xff"}')
    fails(ambp("ask", "--batch", path), 1, "UTF-8")


# --- ingest, remove, status --------------------------------------------------------------------


def test_a_document_goes_in_answers_and_goes_out(ambp, tmp_path):
    (tmp_path / "herons.txt").write_text("Herons nest at the northern shore.")
    code, out, err = ambp("ingest", tmp_path / "herons.txt")
    assert (code, out, err) == (0, "added      herons.txt (source herons, 1 passages)\n", "")
    _, out, _ = ambp("ingest", tmp_path / "herons.txt")
    assert out == "unchanged  herons.txt (source herons)\n"
    assert "northern shore" in ambp("ask", "Where do herons nest?")[1]
    code, out, _ = ambp("remove", "herons")
    assert code == 0
    assert "1 documents, 1 passages" in out
    assert "northern shore" not in ambp("ask", "Where do herons nest?")[1]
    fails(ambp("remove", "herons"), 1, "herons", "ambp status")


def test_what_cannot_be_read_is_named_the_rest_goes_in_and_the_exit_code_tells(ambp, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "good.txt").write_text("Herons nest at the northern shore.")
    (folder / "empty.txt").write_text("")
    code, out, err = ambp("ingest", folder, tmp_path / "missing.pdf")
    assert code == 1
    assert "added      good.txt" in out
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "not read   empty.txt",
        "not read   missing.pdf",
        "ambp",
    ]
    assert "2 of 3 files could not be read" in err


def test_a_removed_bundled_source_comes_back_by_its_id(ambp):
    assert ambp("remove", "lake-note")[0] == 0
    assert "seven" not in ambp("ask", "seven lakes?")[1]
    assert "added      lake-note" in ambp("ingest", "lake-note")[1]
    assert "seven" in ambp("ask", "seven lakes?")[1]


def test_status_as_json_has_the_agreed_keys(ambp):
    code, out, _ = ambp("status", "--format", "json")
    row = json.loads(out)
    assert code == 0
    assert list(row) == [
        "sources", "documents", "passages", "records", "vectors", "embedder", "healthy",
    ]  # fmt: skip
    assert row["sources"] == 2
    assert row["records"] == {"region": 2}
    assert row["passages"] == row["vectors"]
    assert row["healthy"] is True


def test_status_as_text_lists_the_sources(ambp):
    _, out, _ = ambp("status")
    assert "2 sources, 4 documents" in out
    assert "lake-report: Report on the lakes" in out
    assert out.endswith("In order.\n")


def test_no_bundled_starts_with_nothing(ambp):
    code, out, _ = ambp("--no-bundled", "status", "--format", "json")
    assert (code, json.loads(out)["passages"]) == (0, 0)
    assert ambp("--no-bundled", "ask", "seven lakes?")[1].startswith("Nothing says so.")


# --- records -----------------------------------------------------------------------------------


def test_records_as_a_table(ambp):
    code, out, _ = ambp("records", "region")
    header, *rows = out.splitlines()
    assert code == 0
    assert header.split() == ["id", "name", "role", "country", "source", "place", "as_of"]
    assert len(rows) == 2
    assert "Finland" in rows[0]
    assert "lake-note" in rows[0]
    assert "section 2, table, p. 2" in rows[0]


def test_records_as_csv_carry_each_values_place_and_what_others_say(ambp):
    _, out, _ = ambp("records", "region", "--format", "csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(out))}
    land = rows["lake-land"]
    assert land["role"] == "participating"
    assert (land["role_source"], land["role_place"]) == ("lake-report", "annex, p. 9")
    assert land["role_as_of"] == "2022"
    assert land["role_other_statements"] == (
        "interested (lake-note, section 2, table, p. 3, 2021-03)"
    )
    assert land["country"] == "Sweden"
    assert rows["nokia-shore"]["role_other_statements"] == ""


def test_records_as_json_have_every_statement(ambp):
    _, out, _ = ambp("records", "region", "--format", "json", "--where", "id=lake-land")
    (row,) = json.loads(out)
    assert (row["kind"], row["id"], row["name"]) == ("region", "lake-land", "Lake Land")
    assert [seen["value"] for seen in row["fields"]["role"]] == ["participating", "interested"]
    assert row["fields"]["role"][0]["as_of"] == "2022"


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (["country=FI"], ["nokia-shore"]),
        (["country=finland"], ["nokia-shore"]),
        (["role=leading"], ["nokia-shore"]),
        (["role=participating", "country=SE"], ["lake-land"]),
        (["role=interested"], []),  # the later source says otherwise
        (["name=lake land"], ["lake-land"]),
        (["nuts=SE1"], []),
    ],
)
def test_records_by_the_value_of_a_field(ambp, where, ids):
    given = [part for condition in where for part in ("--where", condition)]
    _, out, _ = ambp("records", "region", "--format", "json", *given)
    assert [row["id"] for row in json.loads(out)] == ids


def test_no_record_that_fits_is_no_error(ambp):
    assert ambp("records", "project") == (0, "No record fits.\n", "")
    assert ambp("records", "project", "--format", "json") == (0, "[]\n", "")
    code, out, _ = ambp("records", "project", "--format", "csv")
    assert (code, out.count("\n")) == (0, 1)


# --- serve -------------------------------------------------------------------------------------


def test_an_address_in_use_is_told_before_anything_is_built(ambp):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        fails(ambp("serve", "--port", port), 2, str(port), "--port")
    assert not ambp.data.exists()


def test_serving_answers_and_stops_when_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = make_partnership(tmp_path / "lakes")
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "--data-dir", str(tmp_path), "--no-bundled", "serve"],
        cwd=ROOT,
        env={**os.environ, "AMBP_PARTNERSHIP": str(folder), "AMBP_PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == (
            f"The chat is at http://127.0.0.1:{port} (Ctrl-C stops it).\n"
        )
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert page.status == 200
    finally:
        process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    process.stdout.close()


# --- eval and doctor ---------------------------------------------------------------------------


def test_eval_prints_failures_and_scores(ambp, tmp_path):
    path = batch(
        tmp_path,
        {"id": "a", "question": "Which water?", "kind": "count", "must": ["seven"]},
        {"id": "b", "question": "Which water?", "kind": "count", "must": ["nine"]},
    )
    code, out, _ = ambp("eval", path)
    assert code == 0
    *scores, citations, figures, seconds = out.splitlines()
    assert scores == [
        "b wrong    count         Which water?  <- lacks /nine/",
        "count          correct   1 /   2   missing 0  wrong 1",
        "all 2: correct 0.500  missing 0.000  wrong 0.500  truthfulness +0.000",
    ]
    assert re.fullmatch(r"citations \d+: \d+ verbatim, 0 markers .*", citations)
    assert figures.startswith("figures ")
    assert seconds.startswith("seconds per question: median ")


def test_doctor_finds_nothing_wrong(ambp):
    code, out, _ = ambp("doctor")
    assert code == 0, out
    assert [line.split()[0] for line in out.splitlines()] == ["ok"] * 6
    assert "not built yet" in out


def test_doctor_names_each_problem_with_a_remedy(ambp, tmp_path):
    (tmp_path / "lakes" / "sources.yaml").write_text("nothing: here")
    ambp.data = tmp_path / "lakes" / "sources.yaml" / "data"
    code, out, _ = ambp("doctor", environ={"AMBP_EMBEDDER": str(tmp_path / "no-model")})
    assert code == 1
    problems = [line for line in out.splitlines() if line.startswith("problem")]
    assert [line.split("  ")[1].split(":")[0] for line in problems] == [
        "embedding model",
        "data folder",
        "bundled knowledge",
    ]
    assert all(line.count(".") >= 2 for line in problems)


@pytest.mark.parametrize(
    ("name", "told"),
    [("model.safetensors", "no weights"), ("tokenizer.json", "tokenizer.json")],
)
def test_doctor_reports_a_missing_file_of_the_model(ambp, tmp_path, monkeypatch, name, told):
    model = tmp_path / "model"
    model.mkdir()
    for path in default_folder().iterdir():
        if path.name != name:
            (model / path.name).symlink_to(path)
    for module in ("retrieval.embedder", "app.commands.doctor"):
        monkeypatch.setattr(f"{module}.default_folder", lambda: model)
    code, out, err = ambp("doctor")
    assert (code, err) == (1, "")
    (problem,) = [line for line in out.splitlines() if line.startswith("problem")]
    assert "embedding model" in problem
    assert told in problem
    assert "pip install" in problem
    assert len(out.splitlines()) == 6


def test_doctor_says_in_words_what_it_mended(ambp, monkeypatch):
    monkeypatch.setattr(
        "app.workspace.SentenceTransformerEmbedder", lambda *_, **__: FakeEmbedder()
    )
    monkeypatch.setitem(CHECKS, "embedding model", lambda _: "made up")
    assert ambp("status")[0] == 0
    with closing(sqlite3.connect(ambp.data / "library.sqlite3")) as database, database:
        database.execute(
            "DELETE FROM vectors WHERE text_hash = (SELECT min(text_hash) FROM passages)"
        )
    code, out, _ = ambp("doctor")
    (line,) = [line for line in out.splitlines() if " library:" in line]
    assert code == 0
    assert "in order after mending: " in line
    assert "1 passage embedded" in line
    assert "Mended" not in line
    assert "after mending" not in ambp("doctor")[1]


# --- Wrong usage and failures ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["nothing"], ["nothing", "ambp --help"]),
        (["ask"], ["question", "ambp ask --help"]),
        (["ask", " "], ["empty"]),
        (["ask", "x", "--batch", "pyproject.toml"], ["not both"]),
        (["ask", "--batch", "no-such-file"], ["no-such-file"]),
        (["ask", "x", "--output", "y"], ["--output"]),
        (["ask", "x", "--format", "xml"], ["xml"]),
        (["ingest"], ["PATH"]),
        (["remove"], ["SOURCE"]),
        (["records", "planet"], ["planet", "region"]),
        (["records", "region", "--where", "country"], ["FIELD=VALUE"]),
        (["records", "region", "--where", "colour=red"], ["colour", "country"]),
        (["serve", "--port", "99999"], ["99999"]),
        (["--nonsense", "ask", "x"], ["--nonsense"]),
        (["eval", "no-such-file"], ["no-such-file"]),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(ambp, arguments, parts):
    fails(ambp(*arguments), 2, *parts)


@pytest.mark.parametrize("environ", [{"AMBP_PROT": "1"}, {"AMBP_PORT": "x"}])
def test_a_wrong_setting_is_wrong_usage(ambp, environ):
    fails(ambp("status", environ=environ), 2, *environ)


def test_knowledge_that_is_wrong_is_told_with_its_place(ambp, tmp_path):
    (tmp_path / "lakes" / "sources.yaml").write_text("- id: x\n  titel: y\n")
    fails(ambp("status"), 1, "sources.yaml:")


def test_an_unforeseen_error_is_one_line_with_the_place_of_the_log(ambp):
    class Breaks:
        def ask(self, question, history=()):
            raise ZeroDivisionError("secret\nof two lines")

    ambp.make = lambda *_: Breaks()
    log = ambp.data / "ambp.log"
    fails(ambp("ask", "x"), 1, "ZeroDivisionError", str(log))
    assert "Traceback" in log.read_text()


@pytest.mark.parametrize("temporary", [True, False])
def test_a_log_that_cannot_be_written_does_not_hide_the_error(
    ambp, tmp_path, monkeypatch, temporary
):
    class Breaks:
        def ask(self, question, history=()):
            raise ZeroDivisionError("here")

    ambp.make = lambda *_: Breaks()
    other = tmp_path / "temporary"
    other.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(other))
    for folder in (ambp.data, *([] if temporary else [other])):
        (folder / "ambp.log").mkdir(parents=True)
    result = ambp("ask", "x")
    fails(result, 1, "ZeroDivisionError: here", "Please report it")
    assert (str(other / "ambp.log") in result[2]) is temporary
    assert ("details" in result[2]) is temporary


def test_debug_shows_the_traceback(ambp, capsys):
    ambp("status")
    code = main(
        ["--debug", "--data-dir", str(ambp.data), "remove", "xyzzy"],
        environ=ambp.environ,
        open_assistant=ambp.open,
    )
    assert code == 1
    assert "Traceback" in capsys.readouterr().err


def test_help_and_version(ambp, capsys):
    assert main(["--help"], environ={}) == 0
    out = capsys.readouterr().out
    for command in ("serve", "ask", "ingest", "remove", "status", "records", "eval", "doctor"):
        assert f"\n  {command} " in out
    assert "--debug" not in out
    assert main(["--version"], environ={}) == 0
    assert capsys.readouterr().out.startswith("ambp 0.")


def test_help_needs_no_setting_to_be_right(capsys):
    assert main(["ask", "--help"], environ={"AMBP_PROT": "x"}) == 0
    assert "--history" in capsys.readouterr().out
