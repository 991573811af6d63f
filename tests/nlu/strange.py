"""Fifty questions in words that the assistant hasn't learnt, by the topic that they mean.

It understands none of them (a few would do so after the next change of its data). They are what the office's
inbox is made of, unlike the held-out questions, of which the assistant understands nearly all.
"""

from __future__ import annotations

STRANGE = {
    # 阿达 is where Gansu says 哪里.
    "where_to_submit": (
        "寄到阿达",
        "往阿达寄呢",
        "阿达能交",
        "材料寄到阿达",
        "材料递到阿达",
        "表往阿达送",
        "表交到阿达去",
        "表寄到阿达",
        "单子寄到阿达",
        "单子送到阿达哩",
        "东西往阿达送",
        "东西交到阿达去",
        "东西该往阿达递呢",
        "册子往阿达寄呢",
        "册子往阿达送",
        "原件寄到阿达",
        "原件交到阿达去",
        "本本递到阿达",
        "一沓纸寄到阿达",
        "纸质版寄到阿达",
    ),
    "joint": (
        "想跟兄弟学校结对子",
        "想跟对门结对子",
        "想跟老东家结对子",
        "想跟律所结对子",
        "想跟帮手结对子",
        "我们想跟兄弟学校拼桌",
        "能拉上帮手搭台唱戏不",
        "能拉上对门搭台唱戏不",
        "能拉上邻居搭台唱戏不",
        "想跟邻居结对子",
        "拉上兄弟院校拼桌成不",
    ),
    "who_can_apply": (
        "俺们卫生院算不算",
        "俺们卫生院够得着不",
        "俺们铺子够得着不",
        "俺们铺子算不算",
        "铺子够得着不",
        "俺们网吧够得着不",
        "俺们诊所算不算",
        "铺子能挤进去不",
    ),
    "duration": (
        "这摊子事要蹲几年坑",
        "示范要蹲几年坑",
        "这差事要蹲几年坑",
        "示范几个寒暑弄完",
        "这差事几个寒暑弄完",
        "这活儿折腾到猴年马月是个头",
    ),
    "deliverables": (
        "干货得码多少字",
        "稿子得码多少字",
        "家伙什得码多少字",
        "功课得码多少字",
        "收摊时交啥本子",
    ),
}
