"""Telling people: what is worth a message, its words, and the outbox it waits in until everybody has it.

A message goes out when something changes: an error is new, has stood for long, or is gone; a source's runs begin to
fail, go on failing, are late, wait for a person's word, or work again. Nothing is told twice, and nothing is lost: what
is going to be told is written down first, put into the outbox second, sent third, and each step can be done again after
a power cut.

changes  what the checks' findings have to tell since the last message; kept in the warehouse, audit.told
spells   runs that fail or are late; kept in the archive, since the warehouse may be what is down
wording  a message as HTML, as text, and in short for a chat; templates in include/alerts
outbox   messages on their way, in the archive: who has them, who waits, who was refused
chats    what of a chat's address may be shown
claims   one process at a time

Recipients are mail addresses, and `chat:ID` for a connection of Airflow's.
"""

from annals.alerts.outbox import (
    Alert,
    Delivery,
    Dispatch,
    Refusal,
    Refused,
    Trouble,
    Undelivered,
    again,
    clear,
    deliver,
    post,
    troubles,
    undelivered,
)

__all__ = [
    "Alert",
    "Delivery",
    "Dispatch",
    "Refusal",
    "Refused",
    "Trouble",
    "Undelivered",
    "again",
    "clear",
    "deliver",
    "post",
    "troubles",
    "undelivered",
]
