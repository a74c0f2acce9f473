"""A phrase whose form depends on how many there are: "1 repetition", "2 repetitions"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

COUNT = "count"
"""The word in braces that decides about the form."""

PluralRule = Callable[[int], int]
"""Count -> number of the form, from 0."""


class Plural(str):
    """The forms of a phrase in the order of the language's rule, as in gettext.

    As a plain text it is the last form, and `format` chooses the form for the word `count`. So it
    takes the place of any phrase that is filled in.
    """

    forms: tuple[str, ...]
    rule: PluralRule

    def __new__(cls, forms: tuple[str, ...], rule: PluralRule) -> Plural:
        """`forms`: at least one; `rule` may name more forms than there are, the last one is taken
        then."""
        made = super().__new__(cls, forms[-1])
        made.forms, made.rule = forms, rule
        return made

    def format(self, *args: Any, **words: Any) -> str:
        """The form for `words["count"]`, filled in. A count may be a number or its digits."""
        number = self.rule(abs(int(float(words[COUNT])))) if COUNT in words else -1
        return self.forms[min(number, len(self.forms) - 1)].format(*args, **words)
