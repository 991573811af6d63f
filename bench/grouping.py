"""How well questions are grouped: ``python -m bench.grouping``.

The held-out questions are grouped with their labels hidden, in three orders. Printed are the purity (the
share of questions whose group is mostly of their own topic), and how many groups and topics there are; then
the same of questions that the assistant doesn't understand, which are what the office's inbox is made of.
"""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.settings import ROOT, load
from desk.faqlog.grouping import meaning as meanings
from desk.faqlog.grouping.centres import Centres
from desk.faqlog.grouping.meaning import Meaning
from tests.nlu.questions import Question, held_out
from tests.nlu.strange import STRANGE


def grouped(meaning: Meaning, questions: Sequence[Question]) -> tuple[float, int]:
    """Purity and number of groups."""
    places = meaning.place(meanings.encode([question.text for question in questions]))
    centres = Centres(places.shape[1])
    groups: dict[int, list[str]] = defaultdict(list)
    for place, question in zip(places, questions, strict=True):
        groups[centres.join(place)].append(question.intent)
    right = sum(Counter(intents).most_common(1)[0][1] for intents in groups.values())
    return right / len(questions), len(groups)


def main() -> None:
    """Measure and print."""
    started = time.perf_counter()
    known = meanings.examples(ROOT / "data" / "nlu")
    meaning = meanings.learn(known, load().var)
    print(f"learnt from {len(known):,} examples in {time.perf_counter() - started:.0f} s")
    chat = {
        "out_of_scope",
        "greet",
        "thanks",
        "bye",
        "bot_challenge",
        "help",
        "privacy",
        "complaint",
        "rude",
        "human",
    }
    moves = {"screen", "continue", "start_over", "go_back", "cancel", "affirm", "deny", "unsure", "inform"}
    every = held_out()
    guide = [question for question in every if question.intent not in chat | moves]
    strange = [Question(text, topic) for topic, texts in STRANGE.items() for text in texts]
    for name, questions in (("topics of the guide", guide), ("all intents", every), ("strange", strange)):
        topics = len({question.intent for question in questions})
        for seed in range(3):
            shuffled = random.Random(seed).sample(questions, len(questions))
            purity, groups = grouped(meaning, shuffled)
            print(
                f"{name}: {len(questions)} questions, {topics} topics: purity {purity:.3f}, {groups} groups"
            )


if __name__ == "__main__":
    main()
