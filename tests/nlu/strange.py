"""Questions in words that the assistant hasn't learnt, by the topic that they mean.

It understands few of them; which ones, changes with its data. They are what the office's inbox is made of,
unlike the held-out questions, of which the assistant understands nearly all.
"""

from __future__ import annotations

WANTED = {"where_to_submit": 20, "joint": 11, "who_can_apply": 8, "duration": 6, "deliverables": 5}
"""Fifty: so many of each topic."""

_SAID = {
    "where_to_submit": (
        ("{}往奈搭哩", "{}往奈搭塞", "{}往奈搭", "{}搁奈搭", "{}往奈达"),
        "原件 东西 单子 装好的本子 盖过章的纸 一沓纸 弄好的东西 档案袋 封好的袋子 那摞纸 厚本子 写好的本本 表"
        " 卷宗 包裹 文书 那叠纸 信封",
    ),
    "joint": (
        ("想跟{}拼桌", "让{}拼桌成不", "拉上{}拼桌成不", "想跟{}凑一窝", "想跟{}一条船"),
        "帮手 老伙计 隔壁院 对门 老东家 邻居 兄弟院校 亲戚单位 哥们 老乡 同门",
    ),
    "who_can_apply": (
        ("我这{}轮得上不", "我这{}插得上手不", "我这{}够得着不", "咱这{}轮得上不"),
        "茶馆 澡堂子 旅社 理发店 驾校 饭馆 网吧 粮站 铺子 书店 药铺 花店 菜场",
    ),
    "duration": (
        ("{}得耗几个春秋", "{}熬到几时是个头", "{}熬几载", "{}几载能完"),
        "这苦差 那摊子 这摊活 这差事 这活儿 那摊事 这营生",
    ),
    "deliverables": (
        ("{}要拿啥家伙什", "{}交啥干货", "{}得亮出啥", "{}得端几样菜"),
        "散场时 收摊时 卷铺盖时 末了 到头来 收工时 临了",
    ),
}


def candidates(topic: str) -> list[str]:
    """The strange questions of a topic, those of the same wording together."""
    wordings, things = _SAID[topic]
    return [wording.format(thing) for wording in wordings for thing in things.split()]


STRANGE = {topic: tuple(candidates(topic)[:wanted]) for topic, wanted in WANTED.items()}
"""Fifty of them, understood or not."""
