"""The rules, a module for each family.

A new rule is a pure function, with its code and severity in the module's RULES, its words by that code in
include/words/checks, and a fault in tests/checks/faults.py for each of its messages: without these the tests fail.
"""

from annals.checks.rule import NamingRule, NoticeRule, WarehouseRule
from annals.checks.rules import (
    admitted,
    ahead,
    bounds,
    crowds,
    identities,
    lists,
    movements,
    named,
    names,
    parts,
    peers,
    plans,
    restated,
    sections,
    series,
    shares,
    texts,
    years,
)

NOTICE_RULES: tuple[NoticeRule, ...] = (
    *texts.RULES,
    *years.RULES,
    *ahead.RULES,
    *bounds.RULES,
    *lists.RULES,
    *sections.RULES,
    *named.RULES,
    *parts.RULES,
    *shares.RULES,
    *movements.RULES,
    *identities.RULES,
    *crowds.RULES,
    *admitted.RULES,
    *names.RULES,
)
WAREHOUSE_RULES: tuple[WarehouseRule, ...] = (*plans.RULES, *series.RULES, *restated.RULES, *peers.RULES)
NAMING_RULES: tuple[NamingRule, ...] = names.NAMING_RULES
