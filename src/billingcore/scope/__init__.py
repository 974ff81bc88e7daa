"""Who is in: policies, selection, eligibility and coverage; each test with its reason."""
