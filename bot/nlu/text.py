"""Text functions of the language side: pure, without Rasa, so that anything can use and test them.

Two steps, because they serve two readers. `fold` keeps every character in its place, so what is found
in the folded text lies at the same offsets in the user's own. `normalise` goes further and may shorten:
it makes the text that the featurizers see.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from bot.simplified import simplified

_PUNCTUATION = str.maketrans("，。！？；：、（）【】“”‘’《》～—…·", ",.!?;:,()[]\"\"''<>~-..")
_INVISIBLE = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_REPEATED_MARK = re.compile(r"([^\w\s])\1+")
_REPEATED_LETTER = re.compile(r"([^\W\d_])\1{2,}")
_SPACES = re.compile(r"\s+")
_SPACE_BY_CHINESE = re.compile(r"(?<=[\u3400-\u9fff,.!?;:])\s+|\s+(?=[\u3400-\u9fff,.!?;:])")

# Words that make up the polite clauses around a question; a clause of nothing else carries no question.
_POLITE = re.split(
    r"\s+",
    "您好 你好 哈喽 哈罗 嗨 hi hello 早上好 上午好 中午好 下午好 晚上好 早安 在吗 在么 在不在 "
    "有人吗 有人在吗 老师 领导 同志 师傅 亲爱的 亲们 亲 小助手 助手 各位 大家 朋友 专家 好 们 "
    "打扰 打搅 劳您 劳你 不好意思 对不起 抱歉 冒昧 麻烦 劳驾 劳烦 有劳 请教 请问 求助 求问 求解 "
    "咨询 谢谢 谢 多谢 感谢 非常 十分 万分 太 辛苦 费心 受累 费神 拜托 叨扰 thanks thank you thx "
    "3q 帮帮忙 帮个忙 帮忙 帮我 帮 看看 看下 解答 回答 回复 答复 告知 告诉 指教 指点 讲讲 说说 "
    "说一下 讲一下 尽快 赶紧 快点 急急 急 挺急 比较急 着急 在线等 在线 那个 那什么 那啥 那么 那 "
    "这个 就是说 就是 话说 对了 是这样 这样 然后 顺便 另外 还有 再 又 还 先 我们 咱们 我 你们 你 "
    "您 想 要 请 问问 问 了解 知道 弄清楚 确认 一下下 一下 一嘴 一句 一个 有一个 有个 有件 "
    "有一件 个 件 事情 事儿 事 问题 疑问 呃 额 嗯 哎呀 哎哟 哎 唉 诶 欸 哦 噢 喔 啊 呀 呢 嘛 吧 "
    "哈 咯 啦 了 的 哟 喂",
)
_POLITE_CLAUSE = re.compile("(?:" + "|".join(sorted(map(re.escape, _POLITE), key=len, reverse=True)) + ")+")
_CLAUSE = re.compile(r"[^,.!?;:~\s]+")
_OPENING = re.compile(r"^(?:请问一?下?|麻烦问一?下?|我?想(?:再)?(?:问|咨询)一?下|(?:请教|咨询)一下)+")
# After these words thanks are what the message says, not its wrapping.
_HEARD = re.compile(
    r"(?:好|好[的吧嘞滴哒啊呀哦勒]|行|行吧|可以|没问题|嗯+|哦+|噢+|ok(?:ay)?|"
    r"我?(?:明白|知道|懂|清楚|了解|收到)了?)+[,.!~\s]*"
)
_NUMBER = r"(?:\d+|[一二两三四五六七八九十]+)"
_ORDINAL = re.compile(rf"(第|方向|选题|题目){_NUMBER}|{_NUMBER}(?=号|个方向|条方向|项方向)")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    """One character to one character: full to half width, traditional to simplified, lower case."""
    plain = unicodedata.normalize("NFKC", character)
    plain = plain if len(plain) == 1 else character
    simple = simplified(plain)
    lower = simple.lower()
    return (lower if len(lower) == 1 else simple).translate(_PUNCTUATION)


def fold(text: str) -> str:
    """The text in half width, simplified and lower case; as long as it was, character by character."""
    return "".join(map(_fold_character, text))


def _is_word(character: str) -> bool:
    return character in "\t\n " or unicodedata.category(character)[0] in "LNPZ" or character in "+=<>|~$^`"


def _without_emoji(text: str) -> str:
    return "".join(c if _is_word(c) else " " for c in text)


def _without_filler(text: str) -> str:
    """Drop what people put before and after a question, unless it is all they wrote."""
    clauses = list(_CLAUSE.finditer(text))
    kept = [clause for clause in clauses if not _POLITE_CLAUSE.fullmatch(clause.group())]
    if not kept:
        return text
    core = text[kept[0].start() : kept[-1].end()]
    if text[kept[-1].end() : kept[-1].end() + 1] == "?":
        core += "?"
    core = _OPENING.sub("", core) or core
    return text if _HEARD.fullmatch(core) else core


def normalise(text: str) -> str:
    """The text as featurizers see it.

    Half width, simplified, lower case; without emoji, invisible characters, spaces beside Chinese,
    repeated marks and the polite words around a question. Texts of nothing else are kept as they are
    after folding, so that 你好 stays 你好.
    """
    plain = _INVISIBLE.sub("", fold(text))
    plain = _SPACES.sub(" ", _without_emoji(plain)).strip()
    plain = _SPACE_BY_CHINESE.sub("", plain)
    plain = _REPEATED_LETTER.sub(r"\1\1", _REPEATED_MARK.sub(r"\1", plain))
    return _without_filler(plain)


def pattern(text: str) -> str:
    """A normalised text with the numbers taken out: 第3个方向 and 第五个方向 become the same."""
    return _DIGITS.sub("#", _ORDINAL.sub(lambda m: f"{m.group(1) or ''}#", text))


_SOUNDS = (
    (re.compile(r"^zh"), "z"),
    (re.compile(r"^ch"), "c"),
    (re.compile(r"^sh"), "s"),
    (re.compile(r"^n(?=[aeiouv])"), "l"),
    (re.compile(r"^f(?=u)"), "h"),
    (re.compile(r"(?<=[aei])ng$"), "n"),
)


@lru_cache(maxsize=65536)
def _merge(syllable: str) -> str:
    for sound, merged in _SOUNDS:
        syllable = sound.sub(merged, syllable)
    return syllable


def _apart(other: str) -> str:
    """For pypinyin: what is no Chinese character stays as it is, character by character."""
    return list(other)  # type: ignore[return-value]  # it takes a list as well; its hints don't say so


@lru_cache(maxsize=16384)  # two components ask for the same message's, and training twice for all texts'
def sounds(text: str) -> tuple[str, ...]:
    """One for each character: pinyin without tone of a Chinese one, any other as it is."""
    return tuple(lazy_pinyin(text, style=Style.NORMAL, errors=_apart))


def syllables(text: str) -> list[str]:
    """The sounds of a text: one for each Chinese character, without tone; other characters as they are.

    Sounds that north-western speakers and phonetic keyboards mix up are one: zh/z, ch/c, sh/s, n/l,
    -ng/-n, fu/hu.
    """
    return [_merge(sound) for sound in sounds(text)]


def grams(units: list[str] | str, shortest: int, longest: int, joiner: str = "") -> list[str]:
    """All runs of ``shortest`` to ``longest`` units, with ``^`` and ``$`` for the ends of the text."""
    padded = ["^", *units, "$"]
    return [
        joiner.join(padded[i : i + n])
        for n in range(shortest, longest + 1)
        for i in range(len(padded) - n + 1)
    ]
