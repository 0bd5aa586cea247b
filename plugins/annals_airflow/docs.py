"""The text that the UI shows of a DAG."""

from annals.sources import FolderListing, Source

RUNBOOK = "### When it fails"


def runbook_of(doc_md: str | None) -> str:
    """What a DAG's page says of its failing."""
    return (doc_md or "").partition(RUNBOOK)[2].strip()


def ingest_doc(source: Source) -> str:
    """Markdown on a publisher's DAG: what it follows, who is called, and what to do when it fails."""
    listing = source.listing
    place = f"the folder `{listing.path}`" if isinstance(listing, FolderListing) else f"<{listing.url}>"
    asked = {
        "never": "is published without asking; what has an error is withheld",
        "on_errors": "with an error waits for a person's approval",
        "always": "with anything new waits for a person's approval",
    }[source.approval]
    if source.approval != "never":
        asked += f", {source.approval_hours:g} hours at most"
    owner = f"{source.owner} <{source.email}>" if source.email else source.owner
    return f"""
### {source.title}
Reads {place}, fetches what is new or changed, reads its figures, checks them, and publishes them to the warehouse.

| | |
| --- | --- |
| Owner | {owner} |
| Asked | `{source.schedule.cron}`, {source.schedule.timezone} |
| A run | {asked} |
| Settings | `include/sources/{source.name}.yaml` |

{RUNBOOK}
{source.runbook}
"""
