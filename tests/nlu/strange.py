"""Fifty questions in words that the assistant hasn't learnt, by the topic that they mean.

It understands none of them (a few would do so after the next change of its data). They are what the office's
inbox is made of, unlike the held-out questions, of which the assistant understands nearly all.
"""

from __future__ import annotations

STRANGE = {
    # 阿达 is where Gansu says 哪里.
    "where_to_submit": (
        "原件往阿达寄呢",
        "原件往阿达递呢",
        "原件往阿达送",
        "东西该往阿达递呢",
        "东西往阿达送",
        "单子该往阿达送",
        "装好的本子往阿达寄呢",
        "装好的本子寄到阿达",
        "那摞纸寄到阿达",
        "一沓纸往阿达寄呢",
        "纸质版寄到阿达",
        "单子送到阿达哩",
        "纸质版往阿达寄呢",
        "那摞纸往阿达寄呢",
        "单子往阿达送",
        "材料往阿达寄呢",
        "册子往阿达递呢",
        "一沓纸往阿达递呢",
        "一沓纸送到阿达哩",
        "一沓纸该往阿达送",
    ),
    "joint": (
        "拉上邻居拼桌成不",
        "想跟邻居拼桌",
        "拉上兄弟院校拼桌成不",
        "拉上亲戚单位拼桌",
        "拉上邻居凑一锅成不",
        "想跟隔壁院拼桌",
        "能跟老伙计拼桌",
        "能跟帮手拼桌",
        "拉上帮手拼桌",
        "想跟邻居凑一锅",
        "拉上邻居拜把子",
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
        "这活儿熬到几时是个头",
        "这摊活熬到几时是个头",
        "这差事熬到几时是个头",
        "那摊子熬到几时是个头",
        "这苦差熬到几时是个头",
        "这摊子事熬到几时是个头",
    ),
    "deliverables": (
        "稿子要亮啥家底",
        "功课要亮啥家底",
        "本子要亮啥家底",
        "干货要亮啥家底",
        "家伙什交啥本子",
    ),
}
