"""Published test vectors, retyped: constants only, each with its source."""

from __future__ import annotations

import msgspec


class Vector(msgspec.Struct, frozen=True):
    """One signed callback: what protects it, what is encrypted, and what must come out."""

    source: str
    token: str
    aes_key: str
    app_id: str
    timestamp: str
    nonce: str
    signature: str
    encrypted: str
    contains: str


_OFFICIAL_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

MESSAGES = (
    Vector(
        source="the platform's sample code for Python, Sample.py: a text message in compatible mode",
        token="spamtest",
        aes_key=_OFFICIAL_KEY,
        app_id="wx2c2769f8efd9abc2",
        timestamp="1409735669",
        nonce="1320562132",
        signature="5d197aaffba7e9b25a30732f161a50dee96bd5fa",
        encrypted=(
            "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHF"
            "VAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVti"
            "cbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpA"
            "e+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCum"
            "EPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
        ),
        contains="<Content><![CDATA[abcdteT]]></Content>",
    ),
    Vector(
        source="the platform's sample code for C++, Sample.cpp",
        token="spamtest",
        aes_key=_OFFICIAL_KEY,
        app_id="wx2c2769f8efd9abc2",
        timestamp="1410349438",
        nonce="298025754",
        signature="003fee52ecc56afb46c00b5c7721be87860ce785",
        encrypted=(
            "mfBCs65c67CeJw22u4VT2TD73q5H06+ocrAIxswCaeZ/d/Lw0msSZFHY0teqgSYiI1zR2gD2DKrB3TIrmX/liNSDrGqS8jSI"
            "/WPeKB5VPr7Ezr7gomZAyGCwJSgT1TRFWPfONGJMxuj2nk4faTuspAuVIFQ6SHwZuJBZC7mcJp7Cgr9cUhATQWDbOPaE7ukZ"
            "BTV2YqyzH+UI2AK+J1S47cE79k1RX8t0hcTz/O0hlK8DGXKnvYv88qKQcI7z4iaajqHfRVZKBNyOODabs+It+ZfM3dWTeFcP"
            "gDbGtIEnpt/EDtuuA/zMvtkaKdHdswPnVZQ+xdwbYr3ldGvfT8HlEYEgkgKaThxTFobVlwzu2ZkXCjicbP3xdr15Iq48Obgz"
            "PpqYuZ3IEoyggZDKClquk0u0orMck4GTF/XyE8yGzc4="
        ),
        contains="<ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>",
    ),
    Vector(
        source="EasyWeChat's DecryptXmlMessageTest, which is the WeCom page's sample (developer 90968)",
        token="QDG6eK",
        aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
        app_id="wx5823bf96d3bd56c7",
        timestamp="1409659813",
        nonce="1372623149",
        signature="477715d11cdb4164915debcba66cb864d751f3e6",
        encrypted=(
            "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911"
            "L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLx"
            "AUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9"
            "nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/u"
            "h9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
        ),
        contains="<Content><![CDATA[hello]]></Content>",
    ),
    Vector(
        source="wechatpy's tests, test_crypto.py",
        token="123456",
        aes_key="kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
        app_id="wx49f0ab532d5d035a",
        timestamp="1411525903",
        nonce="461056294",
        signature="74d92dfeb87ba7c714f89d98870ae5eb62dff26d",
        encrypted=(
            "RgqEoJj5A4EMYlLvWO1F86ioRjZfaex/gePD0gOXTxpsq5Yj4GNglrBb8I2BAJVODGajiFnXBu7mCPatfjsu6IHCrsTyeDXz"
            "F6Bv283dGymzxh6ydJRvZsryDyZbLTE7rhnus50qGPMfp2wASFlzEgMW9z1ef/RD8XzaFYgm7iTdaXpXaG4+BiYyolBug/gY"
            "Nx410cvkKR2/nPwBiT+P4hIiOAQqGp/TywZBtDh1yCF2KOd0gpiMZ5jSw3e29mTvmUHzkVQiMS6td7vXUaWOMZnYZlF3So2S"
            "jHnwh4jYFxdgpkHHqIrH/54SNdshoQgWYEvccTKe7FS709/5t6NMxuGhcUGAPOQipvWTT4dShyqio7mlsl5noTrb++x6En74"
            "9zCpQVhDpbV6GDnTbcX2e8K9QaNWHp91eBdCRxthuL0="
        ),
        contains="<Content><![CDATA[test]]></Content>",
    ),
    Vector(
        source="the Official Account page on message encryption: token AAAAA, a key of 43 letters A",
        token="AAAAA",
        aes_key="A" * 43,
        app_id="wx134c8103faa5a59e",
        timestamp="1715943329",
        nonce="1590219412",
        signature="6c12a4205838198b8fa631b3220723bb07f1015c",
        encrypted=(
            "D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4VtsdvE//1vr7oA"
            "bqjDv8KenVp+ajKYpJnyQ4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5DkyuzkhQN8OBqCzFhizGm"
            "y0xpM0MEA4agpvE+RuNO1rhHTtuJB5yltw1FiYzecSXJ+y/D2r81VkRn2eYjh2ltsoyfbDR7Is6ookXIFxTfyeNyeHxMeT4K"
            "N5WpCDmSbTcUYrbBUlkGLJ9n/rU8YOywma6G7aTb7KZKOqCxgfoUlYEZPk4FUL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfU"
            "fe6HIoIpRW8mKNBQiY/Jd1svvuskA1wLef1RTtzKfMpagSCX/laZINmdnX4zrF6kIaR9P4xQrWXbsTFHTYe0Mg=="
        ),
        contains="<Event><![CDATA[debug_demo]]></Event>",
    ),
)

URL_CHECK = Vector(
    source="the platform's Java sample, WXBizMsgCryptTest.testVerifyUrl",
    token="QDG6eK",
    aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    app_id="wx5823bf96d3bd56c7",
    timestamp="1409659589",
    nonce="263014780",
    signature="5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    encrypted="P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
    contains="1616140317555161061",
)

FIXED_RANDOM = ("aaaabbbbccccdddd", "我是中文abcd123", _OFFICIAL_KEY, "wxb11529c136998cb6")
"""WxJava's WxCryptUtilTest, from the platform's Java sample: random bytes, text, key, app id."""
FIXED_ENCRYPTED = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
