"""How often the best passages hold the facts: ``python -m bench.facts QUESTIONS.jsonl``.

A question counts when it has patterns that its answer must match and no earlier turns; it is a hit
when the text of its ``--top`` best passages, headings included, matches all of them.
"""

import json
import os
import re
from pathlib import Path

import click

from app.evaluation import fold
from app.quiet import stay_quiet
from app.settings import read_settings
from app.workspace import Workspace


@click.command()
@click.argument("questions", type=click.Path(exists=True, path_type=Path))
@click.option("--data-dir", default=None, help="Where the library lives.")
@click.option("--no-bundled", is_flag=True, help="Only what was ingested.")
@click.option("--top", default=5, show_default=True, help="Passages looked at.")
def main(questions: Path, data_dir: str | None, no_bundled: bool, top: int) -> None:
    """Print the share of questions whose facts stand in the best passages."""
    stay_quiet()
    given = {"AMBP_DATA_DIR": data_dir} if data_dir else {}
    bundled = {"AMBP_BUNDLED": "false"} if no_bundled else {}
    workspace = Workspace.open(read_settings({**os.environ, **given, **bundled}))
    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    alone = [row for row in rows if row["must"] and not row.get("history")]
    asked = [row for row in alone if row["abstain"] is False]
    found = 0
    for row in asked:
        hits = workspace.library.search(row["question"], top, workspace.where)
        text = fold("\n".join(f"{h.passage.section} {h.passage.indexed_text}" for h in hits))
        held = all(re.search(pattern.lower(), text) for pattern in row["must"])
        found += held
        if not held:
            click.echo(f"not in the top {top}: {row['id']} {row['question']}")
    share = found / len(asked) if asked else 0.0
    click.echo(f"facts in the top {top} passages: {found} of {len(asked)} ({share:.3f})")
    workspace.library.close()


if __name__ == "__main__":
    main()
