"""The system of record: what SQLite holds, and what the indexes need to know of it.

Every change of the passages gets the next number (``seq``). Passages carry the number of the change
that put them in, ``dropped`` remembers which passages left with which change: so an index that
knows the number it is up to can be brought up to date, and one that does not can be compared.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from corpus.model import Document, Origin, Passage, Rendition, Source
from retrieval import rows
from retrieval.database import Database
from retrieval.model import Entry, Holding, StoredRecord, Vector, Vectors, entry_of

_CHUNK = 500  # ids in one SQL statement


class Store(Database):
    """Sources, documents, passages, their embeddings, and records."""

    # --- sources and documents ----------------------------------------------------------------

    def sources(self) -> list[Source]:
        """All sources, in the order in which they came."""
        return [rows.source_from(t) for t in self.texts("SELECT data FROM sources ORDER BY rowid")]

    def source(self, source_id: str) -> Source | None:
        """The source of that id."""
        found = self.texts("SELECT data FROM sources WHERE id = ?", source_id)
        return rows.source_from(found[0]) if found else None

    def put_source(self, source: Source) -> None:
        """Store what is now known of a source.

        Passages that the indexes know by its title or date count as changed.
        """
        with self.changing():
            self._put_source(source, self.next_seq())

    def _put_source(self, source: Source, seq: int) -> None:
        sql = (
            "INSERT INTO sources VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data"
        )
        self.all(sql, source.id, rows.source_json(source))
        old = self.stamps(
            "WHERE document_id IN (SELECT id FROM documents WHERE source_id = ?)", source.id
        )
        for entries in self.entries(list(old), embedder=""):
            self.many(
                "UPDATE passages SET stamp = ?, seq = ? WHERE id = ?",
                [(e.stamp, seq, e.id) for e in entries if e.stamp != old[e.id]],
            )

    def document(self, document_id: str) -> Document | None:
        """The document of that id."""
        return next(iter(self._documents("WHERE d.id = ?", document_id)), None)

    def documents(self, source_id: str | None = None) -> list[Document]:
        """All documents, or those of one source."""
        if source_id is None:
            return self._documents("ORDER BY d.rowid")
        return self._documents("WHERE d.source_id = ? ORDER BY d.rowid", source_id)

    def _documents(self, rest: str, *values: object) -> list[Document]:
        sql = (
            "SELECT s.data, d.text, d.blocks, d.content_hash, d.media_type, d.rendition, d.origin,"
            " d.path, d.page_count, d.warnings FROM documents d JOIN sources s"
            f" ON s.id = d.source_id {rest}"
        )
        return [
            Document(
                source=rows.source_from(str(row[0])),
                text=str(row[1]),
                blocks=rows.blocks_from(str(row[2])),
                content_hash=str(row[3]),
                media_type=str(row[4]),
                rendition=Rendition(str(row[5])),
                origin=Origin(str(row[6])),
                path=str(row[7]),
                page_count=None if row[8] is None else int(str(row[8])),
                warnings=tuple(json.loads(str(row[9]))),
            )
            for row in self.all(sql, *values)
        ]

    def holdings(self) -> list[Holding]:
        """All documents without their text, in the order in which they came."""
        sql = (
            "SELECT id, source_id, rendition, origin, media_type, content_hash, path, page_count,"
            " warnings,"
            " (SELECT count(*) FROM passages WHERE document_id = d.id)"
            " FROM documents d ORDER BY rowid"
        )
        return [
            Holding(
                document_id=str(row[0]),
                source_id=str(row[1]),
                rendition=Rendition(str(row[2])),
                origin=Origin(str(row[3])),
                media_type=str(row[4]),
                content_hash=str(row[5]),
                path=str(row[6]),
                page_count=None if row[7] is None else int(str(row[7])),
                warnings=tuple(json.loads(str(row[8]))),
                passages=int(str(row[9])),
            )
            for row in self.all(sql)
        ]

    def put_document(self, document: Document, passages: Sequence[Passage]) -> None:
        """Store a document and its passages in place of its old version, as one change."""
        entries = {p.id: (p, entry_of(p, document)) for p in passages}
        with self.changing():
            seq = self.next_seq()
            if self.source(document.source.id) != document.source:
                self._put_source(document.source, seq)
            self._put_document_row(document)
            old = self.stamps("WHERE document_id = ?", document.id)
            self._drop([name for name in old if name not in entries], seq)
            for passage, entry in entries.values():
                changed = old.get(entry.id) != entry.stamp
                self._put_passage(passage, entry, seq if changed else None)

    def _put_document_row(self, document: Document) -> None:
        columns = (
            "id, source_id, rendition, origin, media_type, content_hash, path, page_count,"
            " warnings, text, blocks"
        )
        updates = ", ".join(f"{name} = excluded.{name}" for name in columns.split(", ")[1:])
        self.all(
            f"INSERT INTO documents ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            f" ON CONFLICT (id) DO UPDATE SET {updates}",
            document.id,
            document.source.id,
            str(document.rendition),
            str(document.origin),
            document.media_type,
            document.content_hash,
            document.path,
            document.page_count,
            json.dumps(document.warnings, ensure_ascii=False),
            document.text,
            rows.blocks_json(document.blocks),
        )

    def _put_passage(self, passage: Passage, entry: Entry, seq: int | None) -> None:
        sql = (
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " ordinal = excluded.ordinal, seq = CASE WHEN excluded.seq THEN excluded.seq ELSE seq"
            " END, stamp = excluded.stamp, text_hash = excluded.text_hash,"
            " language = excluded.language, data = excluded.data"
        )
        self.all(
            sql, passage.id, passage.document_id, passage.ordinal, seq or 0, entry.stamp,
            entry.text_hash, passage.language, rows.passage_json(passage),
        )  # fmt: skip
        self.all("DELETE FROM dropped WHERE passage_id = ?", passage.id)

    def _drop(self, passage_ids: Sequence[str], seq: int) -> None:
        for some in _chunks(passage_ids):
            marks = ", ".join("?" * len(some))
            hashes = self.texts(f"SELECT text_hash FROM passages WHERE id IN ({marks})", *some)
            self.all(f"DELETE FROM passages WHERE id IN ({marks})", *some)
            self.many(
                "DELETE FROM vectors WHERE text_hash = ?1 AND NOT EXISTS"
                " (SELECT 1 FROM passages WHERE text_hash = ?1) AND NOT EXISTS"
                " (SELECT 1 FROM questions WHERE text_hash = ?1)",
                [(name,) for name in hashes],
            )
            values = ", ".join(f"(?, {seq})" for _ in some)
            self.all(f"INSERT OR REPLACE INTO dropped VALUES {values}", *some)

    def remove_documents(self, document_ids: Sequence[str], removed_source: str = "") -> int:
        """Take documents out with all that hangs on them, as one change; returns the passages.

        Sources without documents go too, and so do embeddings of texts that no passage has any
        more. ``removed_source`` is remembered as removed on purpose.
        """
        with self.changing():
            seq = self.next_seq()
            count = 0
            for document_id in document_ids:
                gone = list(self.stamps("WHERE document_id = ?", document_id))
                self._drop(gone, seq)
                self.all("DELETE FROM documents WHERE id = ?", document_id)
                count += len(gone)
            self.all("DELETE FROM sources WHERE id NOT IN (SELECT source_id FROM documents)")
            if removed_source:
                self.all("INSERT OR REPLACE INTO removed VALUES (?)", removed_source)
            self.forget_unused_vectors()
        return count

    def removed(self) -> frozenset[str]:
        """Ids of sources that were removed on purpose (see `remove_documents`)."""
        return frozenset(self.texts("SELECT source_id FROM removed"))

    def forget_removed(self, source_id: str) -> None:
        """Let a source that was removed on purpose come back."""
        self.all("DELETE FROM removed WHERE source_id = ?", source_id)

    # --- passages -----------------------------------------------------------------------------

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document, in its order."""
        sql = "SELECT data FROM passages WHERE document_id = ? ORDER BY ordinal, id"
        return [rows.passage_from(text) for text in self.texts(sql, document_id)]

    def passages_by_id(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of these ids; ids that are not held are left out."""
        found = {}
        for some in _chunks(ids):
            marks = ", ".join("?" * len(some))
            for text in self.texts(f"SELECT data FROM passages WHERE id IN ({marks})", *some):
                passage = rows.passage_from(text)
                found[passage.id] = passage
        return found

    def passage_count(self) -> int:
        """How many passages there are."""
        return self.number("SELECT count(*) FROM passages")

    def counts(self) -> tuple[int, int, int]:
        """How many sources, documents and passages there are."""
        sources = self.number("SELECT count(*) FROM sources")
        return sources, self.number("SELECT count(*) FROM documents"), self.passage_count()

    def languages_of(self, ids: Sequence[str]) -> dict[str, str]:
        """The languages of these passages, by id."""
        found: dict[str, str] = {}
        for some in _chunks(ids):
            marks = ", ".join("?" * len(some))
            rows = self.all(f"SELECT id, language FROM passages WHERE id IN ({marks})", *some)
            found.update((str(name), str(language)) for name, language in rows)
        return found

    def stamps(self, where: str = "", *values: object) -> dict[str, str]:
        """The stamp of each passage, by id."""
        return {
            str(a): str(b) for a, b in self.all(f"SELECT id, stamp FROM passages {where}", *values)
        }

    # --- what the indexes need ----------------------------------------------------------------

    def changes_since(self, seq: int) -> tuple[list[str], list[str]]:
        """Ids of the passages that came (or changed) and that went after change ``seq``."""
        came = self.texts("SELECT id FROM passages WHERE seq > ? ORDER BY id", seq)
        sql = "SELECT passage_id FROM dropped WHERE seq > ? ORDER BY passage_id"
        return came, self.texts(sql, seq)

    def entries(self, ids: Sequence[str], embedder: str) -> Iterator[list[Entry]]:
        """What an index has to know of these passages, some hundreds at a time."""
        sql = (
            "SELECT p.data, s.data, d.rendition, d.origin, d.media_type, v.vector FROM passages p"
            " JOIN documents d ON d.id = p.document_id JOIN sources s ON s.id = d.source_id"
            " LEFT JOIN vectors v ON v.embedder = ? AND v.text_hash = p.text_hash"
            " WHERE p.id IN ({}) ORDER BY p.id"
        )
        for some in _chunks(ids):
            found = []
            for row in self.all(sql.format(", ".join("?" * len(some))), embedder, *some):
                bare = Document(
                    source=rows.source_from(str(row[1])), text="", blocks=(), content_hash="",
                    media_type=str(row[4]), rendition=Rendition(str(row[2])),
                    origin=Origin(str(row[3])),
                )  # fmt: skip
                entry = entry_of(rows.passage_from(str(row[0])), bare)
                found.append(replace(entry, vector=_vector(row[5])))
            yield found

    def unembedded(self, embedder: str, text_hashes: Iterable[str]) -> set[str]:
        """Those of the text hashes that have no vector of this embedder yet."""
        missing = set(text_hashes)
        for some in _chunks(sorted(missing)):
            marks = ", ".join("?" * len(some))
            sql = f"SELECT text_hash FROM vectors WHERE embedder = ? AND text_hash IN ({marks})"
            missing.difference_update(self.texts(sql, embedder, *some))
        return missing

    def passages_without_vector(self, embedder: str) -> list[str]:
        """Ids of the passages that have no vector of this embedder."""
        sql = (
            "SELECT id FROM passages p WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE"
            " v.embedder = ? AND v.text_hash = p.text_hash) ORDER BY id"
        )
        return self.texts(sql, embedder)

    def vector_count(self, embedder: str) -> int:
        """How many passages have a vector of this embedder."""
        sql = (
            "SELECT count(*) FROM passages p JOIN vectors v"
            " ON v.embedder = ? AND v.text_hash = p.text_hash"
        )
        return self.number(sql, embedder)

    def add_vectors(self, embedder: str, vectors: Mapping[str, Vector]) -> None:
        """Record embeddings by text hash, so that no text is ever embedded twice."""
        with self.changing():
            self.many(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(embedder, name, v.astype("<f4").tobytes()) for name, v in vectors.items()],
            )

    def touch(self, passage_ids: Sequence[str]) -> None:
        """Count these passages as changed, so that the indexes look at them again."""
        with self.changing():
            seq = self.next_seq()
            for some in _chunks(passage_ids):
                marks = ", ".join("?" * len(some))
                self.all(f"UPDATE passages SET seq = {seq} WHERE id IN ({marks})", *some)

    def forget_unused_vectors(self) -> None:
        """Delete the embeddings of texts that no passage has and no expected question is."""
        self.all(
            "DELETE FROM vectors WHERE text_hash NOT IN (SELECT text_hash FROM passages)"
            " AND text_hash NOT IN (SELECT text_hash FROM questions)"
        )

    def replace_questions(self, text_hashes: Sequence[str]) -> None:
        """Keep the embeddings of these expected questions, in place of those kept before."""
        with self.changing():
            self.all("DELETE FROM questions")
            rows = [(name, place) for place, name in enumerate(text_hashes)]
            self.many("INSERT INTO questions VALUES (?, ?)", rows)
            self.forget_unused_vectors()

    def question_vectors(self, embedder: str) -> dict[str, Vector]:
        """The embeddings of the expected questions by text hash, in their order."""
        sql = (
            "SELECT q.text_hash, v.vector FROM questions q JOIN vectors v"
            " ON v.embedder = ? AND v.text_hash = q.text_hash ORDER BY q.position"
        )
        found = ((str(name), _vector(blob)) for name, blob in self.all(sql, embedder))
        return {name: vector for name, vector in found if vector is not None}

    def vector_matrix(self, embedder: str) -> tuple[list[Entry], Vectors]:
        """All embedded passages and their vectors, (n, d), in the order of their ids."""
        ids = self.texts("SELECT id FROM passages ORDER BY id")
        entries = [e for some in self.entries(ids, embedder) for e in some if e.vector is not None]
        if not entries:
            return [], np.zeros((0, 0), dtype=np.float32)
        return entries, np.stack([e.vector for e in entries if e.vector is not None])

    # --- records ------------------------------------------------------------------------------

    def records(self, kind: str | None = None) -> list[StoredRecord]:
        """All structured records, or those of one kind, in the order in which they were given."""
        sql = "SELECT kind, id, json FROM records WHERE ?1 IS NULL OR kind = ?1 ORDER BY position"
        return [StoredRecord(str(k), str(i), str(j)) for k, i, j in self.all(sql, kind)]

    def replace_records(self, records: Iterable[StoredRecord]) -> None:
        """Store these records in place of all that there are."""
        with self.changing():
            self.all("DELETE FROM records")
            self.many(
                "INSERT INTO records (kind, id, position, json) VALUES (?, ?, ?, ?)",
                [(r.kind, r.id, n, r.json) for n, r in enumerate(records)],
            )

    def record_counts(self) -> dict[str, int]:
        """How many records of each kind there are."""
        sql = "SELECT kind, count(*) FROM records GROUP BY kind ORDER BY kind"
        return {str(kind): int(str(count)) for kind, count in self.all(sql)}


def _vector(blob: object) -> Vector | None:
    return np.frombuffer(blob, dtype="<f4") if isinstance(blob, bytes) else None


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
