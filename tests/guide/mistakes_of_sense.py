"""Mistakes in what the pack says: what is replaced, by what, the line, words of the sentence."""

from __future__ import annotations

MISTAKES: dict[str, tuple[str, str, int, str]] = {
    "unknown fact": (
        "            member: {is: yes}\n          met: 是",
        "            mamber: {is: yes}\n          met: 是",
        61,
        "不存在的事实“mamber”",
    ),
    "unknown fact in when": (
        "member: {is one of: [yes]}",
        "mamber: {is one of: [yes]}",
        71,
        "不存在的事实“mamber”",
    ),
    "no such choice": (
        "member: {is one of: [yes]}",
        "member: {is one of: [yes, maybe]}",
        71,
        "没有的选项“maybe”",
    ),
    "later fact": (
        "          clause: 一（二）①\n          choices:",
        "          clause: 一（二）①\n          when: {paid: {is: yes}}\n          choices:",
        39,
        "排在后面",
    ),
    "never decided": (
        "          when:\n"
        "            member: {is one of: [yes]}\n"
        "          requires:\n"
        "            any:\n"
        "              - paid: {is: yes}\n"
        "              - not:\n"
        "                  member: {is: yes}\n",
        "          requires:\n            paid: {is: yes}\n",
        70,
        "判断不出来",
    ),
    "never met": (
        "            member: {is: yes}\n          met: 是",
        "            all:\n"
        "              - member: {is: yes}\n"
        "              - member: {is: no}\n"
        "          met: 是",
        60,
        "怎么答都不会满足",
    ),
    "never failed": (
        "            member: {is: yes}\n          met: 是",
        "            any:\n"
        "              - member: {is: yes}\n"
        "              - member: {is: no}\n"
        "          met: 是",
        60,
        "怎么答都会满足",
    ),
    "condition never applies": (
        "            member: {is one of: [yes]}",
        "            all:\n              - member: {is: yes}\n              - member: {is: no}",
        70,
        "永远用不到",
    ),
    "fact never asked": (
        "          when:\n            member: {is: yes}\n",
        "          when:\n"
        "            all:\n"
        "              - member: {is: yes}\n"
        "              - member: {is: no}\n",
        49,
        "永远不会问",
    ),
    "fact without use": (
        "              - paid: {is: yes}\n              - not:",
        "              - member: {is: no}\n              - not:",
        43,
        "没有用在任何条件里",
    ),
    "two facts in one place": (
        "            member: {is: yes}\n          met: 是",
        "            member: {is: yes}\n            paid: {is: yes}\n          met: 是",
        61,
        "all（都要）或 any（任一）",
    ),
    "no operator": (
        "            member: {is: yes}\n          met: 是",
        "            member: yes\n          met: 是",
        61,
        "读不懂",
    ),
    "is with a list": (
        "            member: {is: yes}\n          met: 是",
        "            member: {is: [yes]}\n          met: 是",
        61,
        "读不懂",
    ),
    "empty all": (
        "            member: {is: yes}\n          met: 是",
        "            all: []\n          met: 是",
        61,
        "一串条件",
    ),
    "missing clause": (
        "          kind: hard\n          clause: 一（二）①\n",
        "          kind: hard\n",
        56,
        "没有写“clause”，请补上指南条款号",
    ),
    "empty clause": (
        "          kind: hard\n          clause: 一（二）①\n",
        "          kind: hard\n          clause:\n",
        59,
        "空着“clause”",
    ),
    "not a clause": (
        "          kind: hard\n          clause: 一（二）①\n",
        "          kind: hard\n          clause: 1(2)\n",
        59,
        "不是指南的条款号",
    ),
    "unknown project": (
        "clauses: [一（三）]",
        "clauses: [一（三）]\n          project: 项目",
        13,
        "不存在的项目",
    ),
    "wrong clause in an answer": (
        "clauses: [一（三）]",
        "clauses: [第三条]",
        12,
        "不是指南的条款号",
    ),
    "not a phone": (
        "0931-1234567",
        "0931-12345",
        30,
        "不像电话号码",
    ),
    "two phones": (
        "0931-1234567",
        "0931-1234567、7654321",
        30,
        "一处只写一个",
    ),
    "contact without source": (
        "        clause: 一（三）\n      facts",
        "      facts",
        28,
        "出处",
    ),
    "duplicate fact": (
        "        - id: paid\n          name: 会费\n          question",
        "        - id: member\n          name: 会费\n          question",
        43,
        "guide.yml 第 33 行已经有一个",
    ),
    "duplicate condition": (
        "        - id: paid\n          name: 会费\n          kind",
        "        - id: member\n          name: 会费\n          kind",
        66,
        "guide.yml 第 56 行已经有一个",
    ),
    "duplicate topic": (
        "    - id: when",
        "    - id: duration",
        14,
        "重复了",
    ),
    "duplicate choice": (
        "            - {id: no, label: 不是}",
        "            - {id: yes, label: 不是}",
        41,
        "选项“yes”重复",
    ),
    "duplicate key": (
        "      short: 小项目\n",
        "      short: 小项目\n      short: 项目\n",
        21,
        "写了两次",
    ),
    "one word for two choices": (
        "label: 没交}",
        "label: 没交, synonyms: [交了]}",
        53,
        "既指“yes”又指“no”",
    ),
    "id that breaks taps": (
        "id: unknown, label: 不清楚}\n        - id",
        "id: 'un:known', label: 不清楚}\n        - id",
        42,
        "小写字母",
    ),
    "long label": (
        "label: 没交",
        "label: 到现在为止一直都还没有交过今年应当交的那一笔会员费",
        53,
        "放不下",
    ),
    "single choice": (
        "            - {id: no, label: 不是}\n            - {id: unknown, label: 不清楚}\n        - id: paid",
        "        - id: paid",
        40,
        "只有一个选项",
    ),
}
