"""How right and how fast annals reads, held against its peers. Timings live here, never in the tests."""
