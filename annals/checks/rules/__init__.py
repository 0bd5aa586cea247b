"""The rules, a module for each family.

A new rule is a pure function, with its code, severity and sentence in the module's RULES, and a fault in
tests/checks/test_faults.py that it finds: a rule without one fails the tests.
"""

from annals.checks.rule import NamingRule, NoticeRule, WarehouseRule
from annals.checks.rules import crowds, lists, names, plans, series, shares, texts, years

NOTICE_RULES: tuple[NoticeRule, ...] = (
    *texts.RULES,
    *years.RULES,
    *lists.RULES,
    *shares.RULES,
    *crowds.RULES,
    *names.RULES,
)
WAREHOUSE_RULES: tuple[WarehouseRule, ...] = (*plans.RULES, *series.RULES)
NAMING_RULES: tuple[NamingRule, ...] = names.NAMING_RULES
