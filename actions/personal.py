"""The official text on request, and the applicant's own data."""

from __future__ import annotations

from actions.base import Speaker, Voice
from actions.memory import Memory
from actions.pack import original
from actions.taps import Option
from bot.guide import source

SURE = Option("erase:yes", "确定删除")


class Source(Speaker):
    """Shows a clause of the official text word for word."""

    action = "action_source"

    def speak(self, voice: Voice, memory: Memory) -> None:
        clause = memory.entities.get("clause", "")
        text = source.find(original(), clause)
        memory.note("answered" if text else "not_in_guide")
        if text is None:
            voice.chat("no_source")
        else:
            voice.say(f"申报指南原文，{clause}：\n{text}")


class Erase(Speaker):
    """Asks once whether everything is to be erased; confirmed, the desk hears of it and does it."""

    action = "action_erase"

    def speak(self, voice: Voice, memory: Memory) -> None:
        if memory.entities.get("sure") != "yes":
            memory.note("chat")
            voice.chat("erase_ask", [SURE])
            return
        memory.note("erase")
        voice.chat("erase_noted")
