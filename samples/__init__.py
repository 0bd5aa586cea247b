"""The sample publisher: an invented association's notices, the builder of its web site, and the server of it."""
