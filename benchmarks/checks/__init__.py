"""How many planted faults the checks find, and what they say of sound texts: `python -m benchmarks.checks`."""
