"""The same question as other people would type it: mistyped by sound, in traditional characters, wrapped
in polite words. Every variant is made by a fixed random seed, so that a figure can be had again."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

Variant = Callable[[str], str]

# Characters that phonetic keyboards offer early, so that a slip looks like a slip. By frequency of use.
COMMON = (
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小"
    "么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知"
    "民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间"
    "新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼"
    "体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或"
    "司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认"
    "算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运"
    "武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取"
    "设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观"
    "争究包组造落视济喜离虽坏兴切批拉验示范植治置质值职直执支枝指纸至志致制智只住注助主著抓专转准着桌资姿"
    "紫自字宗总走足族组最罪作坐座申身深神审甚生升声省胜圣师诗施十时实识使始市事式试室收手首受书数树水睡说"
)
OPENINGS = (
    "打扰一下，",
    "不好意思哈，",
    "在线的老师帮个忙，",
    "哎呀，",
    "那什么，",
    "我再问一嘴，",
    "亲，",
    "诶，",
)
CLOSINGS = ("，劳您费心", "，谢谢老师啦", "，急急急", "～～", "🙏🙏", "，谢谢咯！！", "，麻烦回复一下", " 😂")


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, list[str]]:
    table: dict[str, list[str]] = defaultdict(list)
    for character in dict.fromkeys(COMMON):
        table[lazy_pinyin(character, style=Style.NORMAL)[0]].append(character)
    return table


def mistyped(text: str, seed: int = 1) -> str:
    """One character replaced by another of the same sound (any tone); as it was if none can be."""
    sounds = lazy_pinyin(text, style=Style.NORMAL, errors=lambda other: list(other))  # type: ignore[arg-type, return-value]
    places = [
        (place, [c for c in _by_sound().get(sound, []) if c != text[place]])
        for place, sound in enumerate(sounds)
        if "\u4e00" <= text[place] <= "\u9fff"
    ]
    places = [(place, others) for place, others in places if others]
    if not places:
        return text
    place, others = random.Random(f"{seed}{text}").choice(places)
    return text[:place] + random.Random(f"{text}{seed}").choice(others) + text[place + 1 :]


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("s2tw")


def traditional(text: str) -> str:
    """In traditional characters as used in Taiwan."""
    return str(_converter().convert(text))


def wrapped(text: str, seed: int = 1) -> str:
    """With polite words, emoji or sighs around."""
    choose = random.Random(f"{seed}{text}")
    return choose.choice(OPENINGS) + text + choose.choice(CLOSINGS)
