SELECT source, publisher FROM core.source
