"""What people decide on findings: listed, settled, applied at every publication, exported to files.

listing      findings and quarantine with their sentences, as the review page shows them
settle       accept, correct, dismiss or reopen a finding; takes effect at once
silence      no alert speaks of a finding for a while, though it stays open
apply        what stands decided, applied to a publication
corrections  include/corrections/*.yaml: decisions that live in git, guarded and expiring
"""
