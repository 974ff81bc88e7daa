"""The site that the shop is an app of."""
