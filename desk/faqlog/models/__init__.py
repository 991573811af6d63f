"""The tables of the log, the inbox and the reports."""

from __future__ import annotations

from desk.faqlog.models.question import DraftAnswer, Example, Fate, Group, Kind, NewTopic, Question, Why
from desk.faqlog.models.report import Cell, HourCell, MonthCell, RolledDay, RolledMonth, SavedView
from desk.faqlog.models.turn import HELPED, UNSOLVED, Screening, Turn, Visit

__all__ = [
    "HELPED",
    "UNSOLVED",
    "Cell",
    "DraftAnswer",
    "Example",
    "Fate",
    "Group",
    "HourCell",
    "Kind",
    "MonthCell",
    "NewTopic",
    "Question",
    "RolledDay",
    "RolledMonth",
    "SavedView",
    "Screening",
    "Turn",
    "Visit",
    "Why",
]
