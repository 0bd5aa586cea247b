"""The rules, a module for each family. A new rule is a pure function, its code and sentence below it, and a planted
fault in tests/checks/faults.py without which the test of all rules fails."""

from annals.checks.rule import NoticeRule, WarehouseRule
from annals.checks.rules import lists, plans, texts, years

NOTICE_RULES: tuple[NoticeRule, ...] = (*texts.RULES, *years.RULES, *lists.RULES)
WAREHOUSE_RULES: tuple[WarehouseRule, ...] = (*plans.RULES,)
