"""Content's pure rules: what a version may become, how texts and images are compared. No clock, no query."""
