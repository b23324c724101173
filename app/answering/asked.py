"""What a question asks for and what an answer to it must hold.

Numbers and names in a question have to stand in the evidence; a question for a sum of money, a
date or a telephone number is answered by nothing else.
"""

import re
from functools import cached_property

from app.answering.demands import SELF_EVIDENT
from app.answering.lexicon import Role, Span
from app.answering.worded import Worded
from corpus.words import stem, words


class Asked(Worded):
    """A question as far as passages have to answer it."""

    @cached_property
    def needs(self) -> frozenset[str]:
        """What kinds of thing the evidence must hold."""
        q, found = self.question, set()
        stems = {self.question.words[i].stem for i in range(len(self.folded))}
        asks_what = (
            bool(set(self.folded) & {"what", "who", "whom", "which", "give", "how", "much"})
            or not self._is_sentence
        )
        for need, nouns in self.demands.nouns.items():
            if asks_what and stems & nouns and not self.is_definition and need not in _IF_ASKED:
                found.add(need)
        if self._asks_when or self.dating:
            found.add("date")
        if q.asks("how_long"):
            found.add("duration")
        elif q.asks("how_much"):
            spends = set(self.folded) & set(self.demands.words.spending)
            found.add("money" if spends else "number")
        if asks_what and any(map(self._asks_quantity, range(len(self.folded)))):
            found.add("number")
        if self.is_count:
            found.add("number")
        if "share" in found:  # "as a share of the cost": no sum
            found.discard("money")
        if self.contacting:
            found.add("contact")
        if {"phone", "email"} & found:
            found -= {"contact", "address"}
        if self._asks_who and not self.is_definition and "contact" not in found:
            found.add("agent")
        if self._asked_nouns & {stem(noun) for noun in self.demands.words.people}:
            found.add("person")
        if self.folded[:1] == ("name",) and len(self.folded) > 1:
            found.add("name")
        if self.folded[:1] == ("where",):
            found.add("place")
        if not self.is_count and re.search(r"\b(?:which|what) countr", " ".join(self.folded)):
            found.add("country")
        return frozenset(found)

    @cached_property
    def _asks_when(self) -> bool:
        """Whether a date is asked for; not by the "when" of another question."""
        if self.question.asks("how_long"):
            return False
        if self.demands.occasion.search(" ".join(self.folded)):
            return False
        return any(
            span.start in self.question.content or not set(self.folded[: span.start]) & _ASKING
            for span in self._answers("when")
        )

    @cached_property
    def dating(self) -> frozenset[int]:
        """The words by which a date is asked for as a thing: "on what day", "by which deadline"."""
        dates = self.demands.nouns["date"]
        return frozenset(
            i
            for i in self.content
            if self.question.words[i].stem in dates
            and {"what", "which"} & set(self.folded[:i][-_ASKED:])
        )

    @cached_property
    def _asks_who(self) -> bool:
        """Whether somebody is asked for; people are mentioned in many other questions."""
        return any(
            span.start not in self.question.content
            or self.question.words[span.start].stem in self._asked_nouns
            for span in self._answers("who")
        )

    @cached_property
    def contacting(self) -> frozenset[int]:
        """The words by which whom to turn to is asked for: "how do I reach", "who to ask at"."""
        found: set[int] = set()
        for span in self.question.of(Role.FIELD):
            own = range(span.start, span.end)
            after = next((i for i in sorted(self.question.content) if i >= span.end), None)
            asks = self.question.asks("who") or (self.question.asks("how") and after in self.names)
            if span.meaning.value == _CONTACTS and asks and self.names:
                found.update(own)
        return frozenset(found)

    def _answers(self, answer: str) -> list[Span]:
        return [s for s in self.question.of(Role.ANSWER) if s.meaning.value == answer]

    def _asks_quantity(self, at: int) -> bool:
        """Whether a word is a quantity that is asked for: not in "who leads the dry area"."""
        if self.folded[at] not in self.demands.words.quantities:
            return False
        before = at - 1
        while before in self.question.content:
            before -= 1
        if before >= 0 and self.folded[before] == "which":
            return False  # "which area": one of several
        return before < 1 or before - 1 not in self.question.content

    @cached_property
    def _asked_nouns(self) -> frozenset[str]:
        """The stems of what "which president" and "the name of the expert" ask for."""
        found: set[str] = set()
        for i, word in enumerate(self.folded):
            named = self.folded[max(0, i - 1) : i + 1] in (("name", "of"), ("names", "of"))
            at = i + 1
            while at < len(self.folded) and self.folded[at] in ("the", "a", "an"):
                at += 1
            while (named or word in ("which", "what")) and at in self.question.content:
                found.add(self.question.words[at].stem)
                at += 1
        return frozenset(found)

    @cached_property
    def is_count(self) -> bool:
        """Whether the question is how many there are."""
        if "how many" in " ".join(self.folded):
            return True
        stems = {word.stem for word in self.question.words}
        return self.question.has_cue("count") and not stems & self.demands.nouns["phone"]

    @cached_property
    def is_list(self) -> bool:
        """Whether several things are asked for."""
        first = self.folded[:1]
        plural = any(
            self.folded[i].endswith("s") and not self.folded[i].endswith("ss") for i in self.content
        )
        wide = self.question.has_cue("list") or first in (("list",), ("name",))
        if self.folded[:1] == ("what",) and len(self.folded) > 1:
            wide = wide or (1 in self.content and self.question.words[1].stem in self.plurals)
        if self.folded[:2] == ("which", "of"):
            return False
        wide = wide or (len(self.folded) <= _KEYWORDS and not self._is_sentence)
        return plural and wide and not self.is_count

    @cached_property
    def is_for_several(self) -> bool:
        """Whether the very noun that is asked for is a plural: "which towns are"."""
        if not self.is_list or self.is_yes_no:
            return False
        at = next((i for i in self.content if self.question.words[i].stem in self.plurals), None)
        run = range(self.content[0], at) if at is not None else ()
        if at is None or at + 1 in self.content or any(i not in self.content for i in run):
            return False
        return self.folded[at + 1 : at + 2] not in (("a",), ("an",), ("the",))

    @cached_property
    def _is_sentence(self) -> bool:
        """Whether the question has a verb or a question word."""
        asking = {"what", "who", "whom", "which", "when", "where", "why", "how"}
        return bool(set(self.folded) & (asking | set(self.demands.words.verbs)))

    @cached_property
    def which(self) -> tuple[str, ...]:
        """The stems of the content right after "which" or "what", without names."""
        at = next((i + 1 for i, w in enumerate(self.folded) if w in ("which", "what")), None)
        found: list[str] = []
        while at is not None and at in self.content:
            if at not in self.names:
                found.append(self.question.words[at].stem)
            at += 1
        return tuple(found)

    @cached_property
    def which_kind(self) -> frozenset[str]:
        """The stems of the kind of thing that is asked for, unless it is a body that acts."""
        for kind in self.question.kinds():
            own = self.question.words[kind.start : kind.end]
            asks = self.folded[kind.start - 1 : kind.start] in (("which",), ("what",))
            if asks and not {w.folded for w in own} & set(self.demands.words.bodies):
                return frozenset(w.stem for w in own)
        return frozenset()

    @cached_property
    def attribute(self) -> tuple[str, ...]:
        """The stems of what is asked of a thing: "the HEIGHT of it", "Ada's FEES"."""
        folded = self.folded
        at = next((i for i, w in enumerate(folded) if w == "what"), len(folded))
        if folded[at + 1 : at + 2] not in (("is",), ("are",), ("was",), ("were",)):
            return ()
        own = self.demands.words
        end = next((i for i, w in enumerate(folded) if i > at and w in own.relating), len(folded))
        found = [i for i in sorted(self.content) if at < i < end and folded[i] not in own.meaning]
        if end == len(folded) and not self.names & set(found):
            return ()
        return tuple(self.question.words[i].stem for i in found if i not in self.names)

    @cached_property
    def office(self) -> frozenset[str]:
        """The stems of what somebody is said to be of a named thing: "who is the DIRECTOR of X"."""
        folded, content = self.folded, [i for i in self.content if i not in self.names]
        if folded[:2] not in (("who", "is"), ("who", "are"), ("who", "was"), ("who", "were")):
            return frozenset()
        end = next((i for i, w in enumerate(folded) if w in self.demands.words.relating), 0)
        found = [i for i in content if i < end]
        return frozenset(self.question.words[i].stem for i in found if self.names)

    @cached_property
    def expands(self) -> bool:
        """Whether the question is what an abbreviation stands for."""
        return self.is_definition and self._says(self.demands.expanding)

    @cached_property
    def is_definition(self) -> bool:
        """Whether the question is what a name means."""
        q = self.question
        said_last = "what" in self.folded and self.folded[-1] in _BEING  # "tell me what X is"
        if not (said_last or q.has_cue("definition")) or not 0 < len(self.content) <= _DEFINED:
            return False
        if self._asks_of_something and not said_last:
            return False
        if any(
            q.words[i].stem in nouns for nouns in self.demands.nouns.values() for i in self.content
        ):
            return False
        return not q.asks("who") or all(i in self.names for i in self.content)

    @cached_property
    def _asks_of_something(self) -> bool:
        """Whether "what" asks for something of a thing, not for what it is.

        "What rules", "what does it do" and "what are the sources of" ask for no meaning.
        """
        at = next((i for i, word in enumerate(self.folded) if word == "what"), None)
        if at is None:
            return False
        after = self.folded[at + 1 : at + 2]
        word = self.question.words[at]
        bare = word.end - word.start == len(word.folded)  # "what's" is "what is"
        empty = self.demands.words.empty
        if bare and at + 1 in self.question.content and after[0] not in empty:
            return True
        if after and after[0] in _DOING:
            return not set(self.folded[at:]) & set(empty)
        counted = (w for i, w in enumerate(self.folded) if i > at and i not in self.content)
        return any(len(w) > _SHORT_WORD and w[-1] == "s" and w[-2] != "s" for w in counted)

    @cached_property
    def is_yes_no(self) -> bool:
        """Whether the answer is yes or no."""
        first = self.folded[0] if self.folded else ""
        asks = {"what", "which", "who", "when", "where", "why", "how"} & set(self.folded)
        return first in self.demands.words.verbs or (
            not asks and "?" in self.question.text and bool(self.content) and not self.is_list
        )

    @cached_property
    def asks_membership(self) -> bool:
        """Whether nothing is asked but whether a name is of the partnership."""
        q = self.question
        rest = set(self.content) - self.names - q.words_of(q.of(Role.PARTNERSHIP))
        said = q.cue_words("membership") | q.words_of(q.kinds())
        return self.is_yes_no and bool(self.names and q.of(Role.PARTNERSHIP)) and not rest - said

    @cached_property
    def counted(self) -> frozenset[str]:
        """The stems of what is counted: the words right after "how many"."""
        found = []
        for i, word in enumerate(self.folded):
            if word == "many" and i and self.folded[i - 1] == "how":
                for at in range(i + 1, len(self.folded)):
                    if at in self.question.content:
                        found.append(at)
                    elif found or self.folded[at] in self.demands.words.verbs:
                        break  # but "how many different towns" counts towns
        return frozenset(self.question.words[w].stem for w in found)

    @cached_property
    def _counted_words(self) -> frozenset[str]:
        """What is counted as the question writes it, in the plural."""
        return frozenset(w.folded for w in self.question.words if w.stem in self.counted)

    @cached_property
    def extremes(self) -> frozenset[str]:
        """The stems of "largest", "average": only a text that says so answers them."""
        q = self.question
        cues = q.cue_words("largest", "smallest", "sum", "average")
        found = {q.words[i] for i in cues}
        return frozenset(
            w.stem
            for w in found
            if w.folded.endswith("est") or w.folded in self.demands.words.computed
        )

    def states_extremes(self, text: str) -> bool:
        """Whether a text says "largest" or "the most" as the question does; not "most of them"."""
        if not self.extremes <= {w.stem for w in words(text)}:
            return False
        bare = self.extremes & {stem(word) for word in self.demands.words.degrees}
        return not bare or bool(self.demands.degree.search(text))

    @cached_property
    def adds_up(self) -> bool:
        """Whether a result of reckoning is asked for, which no sentence holds but by chance."""
        return self._says(self.demands.adding)

    @cached_property
    def chooses(self) -> bool:
        """Whether one of several is asked for ("which of them is later")."""
        return "which" in self.folded and bool(self.question.cue_words("compare", "largest"))

    @cached_property
    def across_sources(self) -> bool:
        """Whether the question is what each source says."""
        return self._says(self.demands.across_sources)

    @cached_property
    def is_order(self) -> bool:
        """Whether it is an order to whoever answers rather than a question."""
        return self._says(self.demands.orders)

    def held_nouns(self, text: str) -> frozenset[str]:
        """Nouns of the question that a text answers without having them ("e-mail": an address)."""
        found: set[str] = set()
        if self.demands.holds["contact"].search(text):
            found |= {self.question.words[i].stem for i in self.contacting}
        for need in self.needs & SELF_EVIDENT:
            if self.demands.holds[need].search(text):
                found |= self.demands.nouns[need]
        if self.dating and self.demands.holds["date"].search(text):
            found |= {self.question.words[i].stem for i in self.dating}
        return frozenset(found)

    @cached_property
    def is_future(self) -> bool:
        """Whether the question is about what is yet to come, counted from today."""
        return bool(self.demands.future.search(" ".join(self.folded)))

    @cached_property
    def is_foreign(self) -> bool:
        """Whether most words of the question are of a language that the passages are not in."""
        strange = [w for w in self.folded if w not in self._dictionary and not self._terms.known(w)]
        return len(strange) * 2 >= len(self.folded) > 1

    @property
    def lists_countries(self) -> bool:
        """Whether things of a country are to be listed or counted."""
        return bool(self.country_marks) and (self.is_list or self.is_count)

    def reasons(self, text: str) -> bool:
        """Whether a text gives a reason."""
        return bool(self.demands.reason.search(text))

    def lacks(self, text: str) -> frozenset[str]:
        """The kinds of thing that are asked for and that a text does not hold."""
        holds = self.demands.holds
        return frozenset(n for n in self.needs if n in holds and not holds[n].search(text))

    def counts(self, text: str) -> bool:
        """Whether a number stands close to what is counted: "six work packages"; or a tile's."""
        found = words(text)
        tile = bool(found) and (found[0].folded.isdigit() or found[-1].folded.isdigit())
        if tile and any(w.stem in self.counted for w in found):
            return True
        for i, word in enumerate(found):
            if word.stem in self.counted and "number" in [
                f.folded for f in found[max(0, i - 3) : i]
            ]:
                return any(w.folded[0].isdigit() for w in found)
        for i, word in enumerate(found):
            if word.stem in self.counted:
                # "goal 8" is the name of one; "goals: 8" is how many there are
                after = found[i + 1 : i + 3] if word.folded in self._counted_words else []
                if any(
                    w.folded[0].isdigit() or w.folded in self.demands.words.number_words
                    for w in found[max(0, i - _NEAR) : i] + after
                ):
                    return True
        return False


_ASKING = frozenset({"what", "which", "who", "whom", "why", "how"})
_BEING = frozenset({"is", "are", "means"})
_DOING = frozenset({"do", "does", "did"})
_CONTACTS = "*.contacts"  # the field whose words ask whom to turn to
_IF_ASKED = frozenset({"date"})  # nouns of these ask only right after "what" or "which"
_ASKED = 2  # words between "what" and such a noun and the noun itself
_SHORT_WORD = 4  # letters; a longer one that ends in s names several things or tells a deed
_KEYWORDS = 4  # words; a question of no more may be keywords
_DEFINED = 3  # words of content; a question for a definition has no more
_NEAR = 4  # words between a number and what it counts
