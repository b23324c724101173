"""The files in deploy/: that they fit the program. Tools that lint them are not needed here."""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import replace
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from threading import Thread

import pytest
import yaml
from conftest import ROOT, SECOND_PARTNERSHIP
from fakes import ContentEmbedder

from app.api import state
from app.assistant import Assistant
from app.mcp_server.tokens import Tokens
from app.proposals import Proposal
from app.settings import Settings, variables
from app.staff.password import StaffPassword
from app.workspace import Workspace
from corpus.model import Origin

DEPLOY = ROOT / "deploy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MOST_MEGABYTES = Settings.__dataclass_fields__["max_file_mb"].default
PORT = str(Settings.__dataclass_fields__["port"].default)


def text_of(name):
    return (DEPLOY / name).read_text(encoding="utf-8")


def instructions():
    """(word, rest) of every instruction of the Containerfile, continued lines put together."""
    lines = [line for line in text_of("Containerfile").splitlines() if not line.startswith("#")]
    for line in re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, rest.strip()


def stages():
    """The instructions of each stage."""
    found = []
    for word, rest in instructions():
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append((word, rest))
    return found


def final(word):
    return [rest for each, rest in stages()[-1] if each == word]


def environment():
    return dict(pair.split("=", 1) for rest in final("ENV") for pair in shlex.split(rest))


def copied():
    """What is copied from the repository."""
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            yield from ((source, target) for source in sources)


def is_sent(path):
    """Whether .dockerignore lets a path at the root through; its last line that fits decides."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and fnmatch(path, pattern):
            sent = line.startswith("!")
    return sent


def test_the_image_holds_what_the_wheel_is_made_of_and_nothing_else():
    sources = {source for source, _ in copied()}
    for source in sources:
        assert (ROOT / source).exists(), source
        assert is_sent(source), source
    project = PROJECT["project"]
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sources >= {"pyproject.toml", project["readme"], *project["license-files"], *packages}
    for kept_out in (".git", ".venv", "tests", "docs", "bench", "deploy", ".env"):
        assert not is_sent(kept_out), kept_out


def test_folders_keep_their_names_in_the_image():
    for source, target in copied():
        if (ROOT / source).is_dir():
            assert source == target


def test_the_image_starts_from_pinned_things():
    (default,) = [rest for word, rest in instructions() if rest.startswith("PYTHON_IMAGE=")]
    tag = default.partition(":")[2]
    assert re.match(r"3\.\d+-slim-\w+$", tag), "a version of Python and a release of Debian"
    assert f">={tag.partition('-')[0]}" in PROJECT["project"]["requires-python"]
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    assert set(bases) == {"${PYTHON_IMAGE}"}
    names = {rest.split()[-1] for word, rest in instructions() if word == "FROM" and " AS " in rest}
    taken = re.findall(r"--from=(\S+)", text_of("Containerfile"))
    assert taken
    assert set(taken) <= names
    installed = re.findall(r"pip install (.*?)(?:&&|\\?\n)", text_of("Containerfile"))
    assert len(installed) == 2
    assert all(re.search(r"requirements[\w-]*\.lock", options) for options in installed)
    # Which machines packages come from is for whoever builds it to say.
    assert set(re.findall(r"//([\w.]+)", text_of("Containerfile"))) == {"127.0.0.1"}


def test_the_image_runs_as_nobody_in_particular():
    (user,) = final("USER")
    assert all(int(number) >= 1000 for number in user.split(":"))
    made = " ".join(final("RUN"))
    assert f"--uid {user.partition(':')[0]} " in made
    assert not re.search(r"chmod\s+\S*[267]\b|sudo|setcap", made)


def test_the_image_keeps_its_data_on_the_volume_and_serves_on_its_port():
    settings = environment()
    (volume,), (port,) = final("VOLUME"), final("EXPOSE")
    assert settings["AMBP_DATA_DIR"] == volume
    assert settings["AMBP_PORT"] == port == PORT
    assert {name for name in settings if name.startswith("AMBP_")} <= set(variables())
    assert f"{volume}" in " ".join(final("RUN"))
    assert json.loads(final("ENTRYPOINT")[0]) == ["ambp"]
    assert json.loads(final("CMD")[0]) == ["serve"]


def test_the_health_check_tells_a_server_that_answers_from_one_that_does_not():
    (check,) = final("HEALTHCHECK")
    python, option, program = json.loads(check.partition("CMD ")[2])
    assert (python, option) == ("python3", "-c")
    asked = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        command = [sys.executable, "-c", program]
        environ = os.environ | {"AMBP_PORT": str(server.server_port)}
        assert subprocess.run(command, env=environ, check=False).returncode == 0
        thread.join()
    refused = subprocess.run(command, env=environ, check=False, capture_output=True)
    assert refused.returncode != 0
    assert asked == ["/api/v1/health"]
    assert asked[0].removeprefix("/api/v1") in {route.path for route in state.router.routes}


# --- Compose --------------------------------------------------------------------------------------


@pytest.fixture
def services():
    return yaml.safe_load(text_of("compose.yaml"))["services"]


def test_compose_joins_the_assistant_to_the_chroma_server(services):
    app, chroma = services["app"], services["chroma"]
    settings = app["environment"]
    assert {name for name in settings if name.startswith("AMBP_")} <= set(variables())
    assert settings["AMBP_CHROMA_HOST"] in services
    command = chroma["entrypoint"]
    assert command[:2] == ["chroma", "run"]
    assert command[command.index("--port") + 1] == settings["AMBP_CHROMA_PORT"]
    assert f":{settings['AMBP_CHROMA_PORT']}/" in chroma["healthcheck"]["test"][-1]
    ast.parse(chroma["healthcheck"]["test"][-1])
    assert app["depends_on"]["chroma"]["condition"] == "service_healthy"
    assert set(app["networks"]) & set(chroma["networks"])
    args = app["build"]["args"]
    declared = {rest.partition("=")[0] for word, rest in instructions() if word == "ARG"}
    assert set(args) <= declared
    assert (DEPLOY / app["build"]["context"] / app["build"]["dockerfile"]).is_file()


def test_compose_opens_nothing_to_the_outside(services):
    whole = yaml.safe_load(text_of("compose.yaml"))
    for service in services.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(whole["volumes"])
        assert set(service["networks"]) <= set(whole["networks"])
    assert "ports" not in services["chroma"]
    assert all(whole["networks"][name]["internal"] for name in services["chroma"]["networks"])


# --- The service of systemd -----------------------------------------------------------------------


def unit():
    found = {}
    for line in text_of("ambp.service").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def test_the_service_runs_the_command_with_a_folder_of_its_own():
    service = unit()
    assert service["ExecStart"] == ["/opt/ambp/bin/ambp serve"]
    settings = dict(pair.split("=") for pair in service["Environment"][0].split())
    assert {name for name in settings if name.startswith("AMBP_")} <= set(variables())
    assert settings["AMBP_DATA_DIR"] == f"/var/lib/{service['StateDirectory'][0]}"


def test_the_service_may_do_little():
    service = {name: values[0] for name, values in unit().items()}
    for name in ("DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["IPAddressDeny"] == "any"
    # The runtime of the embedding model asks it what the processor can do.
    assert "ProcSubset" not in service
    assert "MemoryDenyWriteExecute" not in service


# --- Reverse proxies ------------------------------------------------------------------------------

SERVER_PATHS = ("/library/files", "/library/sign-in", "/gradio_api/queue/join")


def test_proxies_name_addresses_that_exist():
    from app.web.guard import _PUBLIC

    served = (ROOT / "app" / "web" / "staff" / "routes.py").read_text(encoding="utf-8")
    assert '"/library/sign-in"' in served
    assert '("POST", "files")' in served
    assert _PUBLIC.fullmatch("/gradio_api/queue/join")
    for path in SERVER_PATHS:
        assert path.strip("/") in text_of("nginx.conf")
    assert "path /library/files" in text_of("Caddyfile")
    for name in ("nginx.conf", "Caddyfile"):
        assert f"127.0.0.1:{PORT}" in text_of(name)
        assert "/metrics" in text_of(name)


def test_proxies_let_through_files_as_large_as_the_program_takes():
    assert f"client_max_body_size {MOST_MEGABYTES}m;" in text_of("nginx.conf")
    assert f"max_size {MOST_MEGABYTES}MiB" in text_of("Caddyfile")


def test_nginx_holds_no_answer_back_and_passes_no_claims_on():
    nginx = text_of("nginx.conf")
    assert nginx.count("{") == nginx.count("}")
    assert "proxy_buffering off;" in nginx
    assert not re.search(r"gzip_types[^;]*event-stream", nginx)
    # A header that a visitor sends and that is passed on would be believed.
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "$proxy_add_x_forwarded_for" not in nginx
    for block in re.findall(r"location [^{]+\{([^}]*)\}", nginx):
        # One of its own would take away all that stand outside.
        assert "proxy_set_header" not in block


def test_proxies_log_neither_questions_nor_visitors():
    (form,) = re.findall(r"log_format ambp '([^']*)'", text_of("nginx.conf"))
    assert not re.search(r"\$(request|request_uri|args|query_string|http_\w+|remote_\w+)\b", form)
    assert "access_log off;" in text_of("nginx.conf")
    caddy = text_of("Caddyfile")
    for name in ("remote_ip", "client_ip", "headers"):
        assert f"request>{name} delete" in caddy


# --- Backups --------------------------------------------------------------------------------------


WISH = Proposal("project", "lanterns", "Lanterns", False, ())


@pytest.fixture(scope="module")
def backup():
    spec = spec_from_file_location("backup", DEPLOY / "backup.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def opened(folder):
    settings = Settings(data_dir=folder, partnership=str(SECOND_PARTNERSHIP))
    return Assistant(Workspace.open(settings, embedder=ContentEmbedder()))


def test_a_backup_of_a_library_in_use_answers_after_the_restore(backup, tmp_path):
    minutes, data, question = (
        tmp_path / "minutes.md",
        tmp_path / "data",
        "Where do the lanterns hang?",
    )
    minutes.write_text("# Minutes\n\nThe lanterns hang in the boathouse.\n", encoding="utf-8")
    with opened(data) as assistant:
        assistant.ingest([minutes])
        for path in (StaffPassword(data).path, Tokens(data).path):
            path.write_text("{}", encoding="utf-8")
        (added,) = [d for d in assistant.workspace.library.documents() if d.origin is Origin.ADDED]
        wish = replace(WISH, source_id=added.source.id, content_hash=added.content_hash)
        assert assistant.workspace.proposals.add([wish]) == 1
        # What is committed stands in the journal alone, as long as the library is open.
        assert (data / "library.sqlite3-wal").stat().st_size
        done = backup.back_up(data, tmp_path / "backups")
        before = assistant.ask(question)
    assert "boathouse" in before.text
    assert {path.name for path in done.iterdir()} == {
        "library.sqlite3",
        "originals",
        "staff-password.json",
        "mcp-tokens.json",
        "proposals.sqlite",
    }
    with opened(done) as restored:
        assert restored.ask(question) == before
        assert restored.status().healthy
        assert [each.name for each in restored.workspace.proposals.all()] == [WISH.name]
        (source,) = [s for s in restored.sources() if s.id == before.citations[0].source.id]
        assert restored.original(source.id, "text/markdown").read_bytes() == minutes.read_bytes()


def test_a_backup_that_fails_leaves_nothing(backup, tmp_path, capsys):
    (tmp_path / "library.sqlite3").write_bytes(b"this is no database" * 500)
    assert backup.main([str(tmp_path), str(tmp_path / "backups")]) == 1
    assert not list((tmp_path / "backups").iterdir())
    assert "nothing was backed up" in capsys.readouterr().err
    assert backup.main([str(tmp_path / "nowhere"), str(tmp_path)]) == 2
