"""What a host hands in: accounts, subscriptions, coverage, setup; each checked where it is born."""
