"""When something that goes on is worth another word."""


def is_due(age: int, told_at_age: int, remind_after: int) -> bool:
    """Whether what is `age` days old is told again: once after `remind_after` days, then each time its age has doubled.

    `told_at_age` is its age when it was last told, 0 for the first time.

    >>> told, days = 0, []
    >>> for age in range(100):
    ...     if is_due(age, told, 7):
    ...         told = age
    ...         days.append(age)
    >>> days
    [7, 14, 28, 56]
    >>> is_due(100, 0, 7), is_due(101, 100, 7)
    (True, False)
    """
    return age > told_at_age and age >= max(remind_after, 2 * told_at_age)


def next_due(age: int, remind_after: int) -> int:
    """The age in days at which what is told now is told again.

    >>> next_due(0, 7), next_due(7, 7), next_due(3, 7)
    (7, 14, 7)
    """
    return max(remind_after, 2 * age)
