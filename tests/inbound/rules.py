"""What is to be heard of what comes in, said once more and from the rules' text alone.

It is told what reached the house and when, and says what the house must have told by
then. It knows neither the ledger nor the inbox.
"""

from collections import Counter, defaultdict

from .house import Heard, Key

HOLD = 90
GAP = 300


class Rules:
    """One house in one run, which has taken its baseline.

    A key has happened as often as the larger of: its posts that were no retries; the
    most equal items in any one answer.
    """

    def __init__(self, *, polling: bool) -> None:
        """Take whether the house polls, or waits for posts."""
        self._polling = polling
        self._posts: Counter[Key] = Counter()
        self._most: Counter[Key] = Counter()
        self._waiting: defaultdict[Key, list[float]] = defaultdict(list)
        self._not_answered: set[bytes] = set()
        self._good: dict[str, float] = {}
        self._told: Counter[Key] = Counter()
        self.must_be_heard: list[Heard] = []

    def pass_to(self, now: float) -> None:
        """Tell as late what has waited long enough for its post."""
        for key, deadlines in self._waiting.items():
            while deadlines and deadlines[0] <= now:
                deadlines.pop(0)
                self._tell(key, is_late=True, channel="poll")

    def restart(self, now: float) -> None:
        """Start anew; what waited is told by the new run, if it is not posted."""
        self._good.clear()
        for key, deadlines in self._waiting.items():
            self._waiting[key] = [now + HOLD] * len(deadlines)

    def post(self, key: Key, body: bytes, *, answered: bool) -> None:
        """Take a post. The same bytes while one was not answered are a retry."""
        if body not in self._not_answered:
            self._posts[key] += 1
            if self._happened(key) > self._told[key]:
                # It is what was waited for, if something was.
                del self._waiting[key][:1]
                self._tell(key, is_late=False, channel="webhook")
        if answered:
            self._not_answered.discard(body)
        else:
            self._not_answered.add(body)

    def answer(self, kind: str, found: Counter[Key], now: float) -> None:
        """Take a good answer to a look."""
        is_late = kind not in self._good or now - self._good[kind] > GAP
        self._good[kind] = now
        for key, count in found.items():
            before = self._happened(key)
            self._most[key] = max(self._most[key], count)
            for _ in range(self._happened(key) - before):
                if self._polling:
                    self._tell(key, is_late=is_late, channel="poll")
                else:
                    self._waiting[key].append(now + HOLD)

    def _happened(self, key: Key) -> int:
        return max(self._posts[key], self._most[key])

    def _tell(self, key: Key, *, is_late: bool, channel: str) -> None:
        self._told[key] += 1
        self.must_be_heard.append(Heard(key, self._told[key], is_late, channel))
