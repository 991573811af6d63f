"""Fifty questions in words that the assistant hasn't learnt, by the topic that they mean.

It understands none of them (a few would do so after the next change of its data). They are what the office's
inbox is made of, unlike the held-out questions, of which the assistant understands nearly all.
"""

from __future__ import annotations

STRANGE = {
    # 阿达 is where Gansu says 哪里.
    "where_to_submit": (
        "原件该往阿达送",
        "原件往阿达送",
        "东西往阿达送",
        "原件往阿达递呢",
        "单子该往阿达送",
        "单子往阿达送",
        "单子送到阿达哩",
        "装好的本子该往阿达送",
        "东西该往阿达递呢",
        "档案袋该往阿达送",
        "一沓纸送到阿达哩",
        "装好的本子送到阿达哩",
        "弄好的东西递到阿达",
        "弄好的东西送到阿达哩",
        "装好的本子寄到阿达",
        "装好的本子往阿达递呢",
        "盖过章的纸往阿达送",
        "盖过章的纸送到阿达哩",
        "表该往阿达送",
        "东西交到阿达去",
    ),
    "joint": (
        "想跟帮手拼桌",
        "能跟帮手拼桌",
        "拉上帮手拼桌",
        "拉上帮手拼桌成不",
        "想跟老伙计拼桌",
        "想跟隔壁院拼桌",
        "能跟老伙计拼桌",
        "想跟邻居拼桌",
        "拉上对门拼桌成不",
        "拉上亲戚单位拼桌",
        "拉上老东家拼桌成不",
    ),
    "who_can_apply": (
        "铺子轮得上不",
        "铺子够得着不",
        "粮站轮得上不",
        "俺们粮站轮得上不",
        "诊所轮得上不",
        "俺们铺子能挤进去不",
        "俺们铺子有份没",
        "粮站能挤进去不",
    ),
    "duration": (
        "这摊子事熬到几时是个头",
        "这摊子事要守几个年头",
        "那摊子熬到几时是个头",
        "这摊活熬到几时是个头",
        "这摊子事得耗几个春秋",
        "这摊活得耗几个春秋",
    ),
    "deliverables": (
        "本子交啥干货",
        "稿子交啥干货",
        "干货交啥本子",
        "家伙什交啥本子",
        "收摊时交啥本子",
    ),
}
