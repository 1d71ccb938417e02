"""Makes hostile requests from the provider's published examples, by a seed."""

from dataclasses import dataclass, field
import gzip
import json
from random import Random
from typing import TYPE_CHECKING, Any, Final
import zlib

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES: Final = (
    {
        "originator": "+2348183172770",
        "receiver": "08176470634",
        "message": "One love",
        "timeReceived": "2020/02/01 07:37",
    },
    {
        "messageId": "16276",
        "originator": "08176470634",
        "receiver": "2348183172770",
        "status": "DELIVERED",
        "sendTime": "2020/02/01 07:37",
        "doneTime": "2020/02/01 07:37",
    },
    {
        "originator": "08183172770",
        "receiver": "08176470634",
        "callDuration": "0",
        "callTime": "2020/02/02 01:08",
    },
    {
        "callId": "2020012445",
        "originator": "08176470634",
        "receiver": "+2348183172770",
        "status": "ANSWERED",
        "callTime": "2020/02/01 08:01",
    },
)
_FIELDS: Final = (
    *("callId", "messageId", "trackingId", "message", "timeReceived", "callDuration"),
    *("originator", "receiver", "recipient", "status", "callTime", "sendTime"),
    *("doneTime", "code", "error", "errorCode", "data", "__proto__", "", "ünï", "\0"),
)
_TEXTS: Final = (
    *("", " ", "\0", "\ud800", "\udfff\ud800", "\N{BOM}", "\N{RIGHT-TO-LEFT OVERRIDE}"),
    *("👩‍👩‍👧‍👦" * 9, "e" + "\N{COMBINING ACUTE ACCENT}" * 99, "ﷺ" * 50, "İıſß"),
    *("{{ 7 * 7 }}", "{% for x in range(10**9) %}{% endfor %}", "{0.__class__}"),
    *("<script>alert(1)</script>", "'; DROP TABLE states; --", "%s%n%x", "$(reboot)"),
    *("../../secrets.yaml", "\r\nX-Header: 1", "\x1b[2J", "null", "true", "[]", "{}"),
    *("0", "-1", "-0", "1e999", "-1e999", "NaN", "Infinity", "0x10", "1_000", "٣٤٥"),
    *("9" * 20, "9" * 4000, "9" * 5000, "0." + "0" * 3000 + "1", "1e-400", "604801"),
    *("+2348091112222", "08091112222", "+", "++234", "00", "112", "MTN", "unknown"),
    *("+" + "1" * 300, "+234 " * 200, "(0)" * 300, "tel:+2348183172770;ext=9"),
    *("0000/00/00 00:00", "2020/02/30 07:37", "9999/12/31 23:59", "0001/01/01 00:00"),
    *("2020-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2020-W01-1", "now"),
    *("2020/02/01" + " " * 9000 + "x", "1970-01-01T00:00:00Z" * 40, "20200201T0737"),
    *("DELIVERED ", "delivered", "NOT  ANSWERED", "ANSWERED" * 500, "SENT\0"),
)
_OTHERS: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1.5, 1e308, -0.0, 2**53 + 1, 2**63, 2**64, 10**300),
    *([], {}, [[]], [None], ["One love"], {"a": {"b": {}}}, [{}] * 30, [0] * 500),
)
_RAW: Final = (
    *("1e999", "-1e999", "NaN", "-Infinity", "9" * 4299, "9" * 4301, "9" * 60000),
    *("0" * 50, "[" * 2000, "[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900),
    *("[" * 30000 + "]" * 30000, '"' + "a" * 60000 + '"', '"\\ud83d"', '"\\u0000"'),
    *('"' + "\\u0041" * 9000 + '"', "'single'", "undefined", "01", "1.", "tru", '"\t"'),
)
_KINDS: Final = (
    *("application/json", "text/plain", "application/x-www-form-urlencoded", ""),
    *("multipart/form-data; boundary=x", "application/json; charset=utf-16", "a/b/c"),
)
_METHODS: Final = ("GET", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS", "PROPFIND")
_ENCODINGS: Final = ("utf-8-sig", "utf-16", "utf-32", "utf-7", "utf-16-be", "cp500")
_SIZES: Final = (65000, 65535, 65536, 65537, 65600, 200_000)
_BOMB: Final = 5_000_000
_POST_ONE_IN: Final = 40
_SIZE_ONE_IN: Final = 400
_MOST_MUTATIONS: Final = 3

type Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Hostile:
    """One request."""

    body: bytes
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    chunks: int = 0
    """In how many chunks it is sent, without saying how long it is; 0: it says."""


class Bodies:
    """An endless row of them; the same seed makes the same row."""

    def __init__(self, seed: int) -> None:
        """Take a seed."""
        self._random = Random(seed)

    def next(self) -> Hostile:
        """Make one."""
        random = self._random
        if not random.randrange(_SIZE_ONE_IN):
            return self._large()
        body = random.choice(_MAKERS)(random)
        headers = {"Content-Type": random.choice(_KINDS)}
        match random.randrange(_POST_ONE_IN):
            case 0:
                return Hostile(body, random.choice(_METHODS), headers)
            case 1:
                return Hostile(
                    gzip.compress(body), headers={"Content-Encoding": "gzip"}
                )
            case 2:
                # What is said to be packed and is not.
                return Hostile(body, headers={"Content-Encoding": "deflate"})
            case 3:
                return Hostile(body, headers=headers, chunks=random.randint(1, 9))
        return Hostile(body, headers=headers)

    def _large(self) -> Hostile:
        size = self._random.choice(_SIZES)
        body = _encode(_as_fields(EXAMPLES[0] | {"message": "a" * size}))
        match self._random.randrange(3):
            case 0:
                return Hostile(body)
            case 1:
                return Hostile(body, chunks=7)
        packed = zlib.compress(b'{"message": "' + b"a" * _BOMB)
        return Hostile(packed, headers={"Content-Encoding": "deflate"})


def _as_fields(source: dict[str, Any]) -> Fields:
    return [(json.dumps(key), json.dumps(value)) for key, value in source.items()]


def _encode(fields: Fields) -> bytes:
    inner = ",".join(f"{key}:{value}" for key, value in fields)
    return f"{{{inner}}}".encode("utf-8", "surrogatepass")


def _value(random: Random) -> str:
    match random.randrange(4):
        case 0:
            return random.choice(_RAW)
        case 1:
            return json.dumps(random.choice(_OTHERS))
        case 2:
            # As it is, where a careful writer would escape.
            return json.dumps(random.choice(_TEXTS), ensure_ascii=False)
    return json.dumps(random.choice(_TEXTS))


def _mutate(random: Random, fields: Fields) -> None:
    place = random.randrange(len(fields)) if fields else 0
    match random.randrange(6):
        case 0 if fields:
            del fields[place]
        case 1:
            name = json.dumps(random.choice(_FIELDS))
            fields.insert(place, (name, _value(random)))
        case 2 if fields:
            # The same key twice.
            fields.append((fields[place][0], _value(random)))
        case 3 if fields:
            key, value = fields[place]
            fields[place] = (random.choice((str.upper, str.lower))(key), value)
        case _ if fields:
            fields[place] = (fields[place][0], _value(random))


def _mutated(random: Random) -> bytes:
    fields = _as_fields(random.choice(EXAMPLES))
    for _ in range(random.randint(1, _MOST_MUTATIONS)):
        _mutate(random, fields)
    random.shuffle(fields)
    return _encode(fields)


def _mixed(random: Random) -> bytes:
    """Return one body with the fields of two kinds."""
    first, second = random.sample(EXAMPLES, 2)
    return _encode(_as_fields(first) + _as_fields(second))


def _wrapped(random: Random) -> bytes:
    body = _mutated(random)
    match random.randrange(5):
        case 0:
            return b"[" + body + b"]"
        case 1:
            return b'{"data":' + body + b"}"
        case 2:
            return json.dumps(body.decode("utf-8", "replace")).encode()
        case 3:
            return body + body
    return b"\xef\xbb\xbf \n" + body + b"\n\n"


def _damaged(random: Random) -> bytes:
    body = bytearray(_encode(_as_fields(random.choice(EXAMPLES))))
    match random.randrange(3):
        case 0:
            return bytes(body[: random.randrange(len(body))])
        case 1:
            for _ in range(random.randint(1, 8)):
                body[random.randrange(len(body))] = random.randrange(256)
        case 2:
            place = random.randrange(len(body))
            body[place:place] = random.randbytes(random.randint(1, 30))
    return bytes(body)


def _recoded(random: Random) -> bytes:
    text = json.dumps(random.choice(EXAMPLES), ensure_ascii=False)
    return text.encode(random.choice(_ENCODINGS))


def _noise(random: Random) -> bytes:
    return random.randbytes(random.choice((0, 1, 2, 20, 300)))


def _bare(random: Random) -> bytes:
    return _value(random).encode("utf-8", "surrogatepass")


_MAKERS: Final[tuple[Callable[[Random], bytes], ...]] = (
    *(_mutated, _mutated, _mutated, _mutated),
    *(_mixed, _wrapped, _damaged, _recoded, _noise, _bare),
)
