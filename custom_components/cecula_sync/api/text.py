"""PLACEHOLDER by the lead so that others can import; the numbers helper overwrites this."""
from dataclasses import dataclass
from enum import StrEnum
MAX_CHARACTERS=1530
class Encoding(StrEnum):
    GSM7="gsm7"; UCS2="ucs2"
@dataclass(frozen=True)
class TextSize:
    encoding: Encoding; characters: int; pages: int
def measure(t): return TextSize(Encoding.GSM7,len(t),1 if len(t)<=160 else -(-len(t)//153))
