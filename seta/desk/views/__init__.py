"""The desk's pages: each view reads through queries or does one operation."""
