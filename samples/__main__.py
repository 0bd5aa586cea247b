"""`python -m samples` serves the sample publisher's site, as `python -m samples.serve` does."""

import sys

from samples.serve import main

sys.exit(main())
