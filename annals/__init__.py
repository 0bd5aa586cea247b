"""annals: the notices that public bodies publish every year, as checked, sourced figures.

The rooms, in the order a notice walks through them:

    discover   a source's listing → the notices it names
    fetch      an address → bytes, in the archive
    extract    bytes → a `Document`: text, passages, pages
    describe   a document → what it says of itself: title, issuer, genre, year; by its `lead` where no title tells
    figures    a document → the figures in it, each with its sentence
    checks     staged figures → findings
    approval   a person's word on a whole run, for sources that ask for it
    warehouse  stage, publish, and the marts that analysts read
    review     what people decide on findings
    alerts     what changed, told once
    prune      what has had its time goes

This package never imports Airflow; `dags/` wires these rooms together.
"""
