"""A small pack of its own for the tests of reading, and how they write and read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import GuideError
from bot.guide.answers import CHAT_KEYS
from bot.guide.load import load_guide

PACK = """\
guide:
  title: 小指南
  blanks:
    - {id: deadline, name: 截止时间, text:, source:}
  chat:
    thanks: 不客气。
  topics:
    - id: duration
      label: 多长时间
      related: [when]
      answers:
        - clauses: [一（三）]
          text: 执行期{demonstration.duration}，电话{demonstration.contact.phone}。{basis}
    - id: when
      label: 什么时候截止
      blank: deadline
  projects:
    - id: demonstration
      name: 小项目
      short: 小项目
      duration: 1年
      duration_clause: 一（三）
      tasks: [做一件事。]
      tasks_clause: 一（三）
      deliverables: [一份报告]
      deliverables_clause: 一（三）
      prepare: [一份证明]
      contact:
        division: 某处
        phone: 0931-1234567
        clause: 一（三）
      facts:
        - id: member
          name: 会员
          question: 是不是会员？
          about: 只有会员能报。
          hint: 看会员证。
          clause: 一（二）①
          choices:
            - {id: yes, label: 是}
            - {id: no, label: 不是}
            - {id: unknown, label: 不清楚}
        - id: paid
          name: 会费
          question: 交了会费没有？
          about: 会员要交会费。
          hint: 看收据。
          clause: 一（二）②
          when:
            member: {is: yes}
          choices:
            - {id: yes, label: 交了, synonyms: [交过]}
            - {id: no, label: 没交}
            - {id: unknown, label: 不清楚}
      conditions:
        - id: member
          name: 会员
          kind: hard
          clause: 一（二）①
          requires:
            member: {is: yes}
          met: 是会员。
          failed: 不是会员。
          unclear: 还不清楚是不是会员。
          change: 先入会。
        - id: paid
          name: 会费
          kind: judged
          clause: 一（二）②
          when:
            member: {is one of: [yes]}
          requires:
            any:
              - paid: {is: yes}
              - not:
                  member: {is: yes}
          met: 交了会费。
          unclear: 还不清楚交没交会费。
          change: 去查一查。
"""


CHAT = "guide:\n  chat:\n" + "".join(f"    {key}: 好。\n" for key in CHAT_KEYS if key != "thanks")


def write(folder: Path, text: str, name: str = "guide.yml") -> Path:
    """Write a file of the pack, and the chat texts that no test is about beside it."""
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "zchat.yml").write_text(CHAT, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(GuideError) as caught:
        load_guide(folder)
    return caught.value.problems
