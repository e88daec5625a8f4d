"""A labelled set of clients' and associates' talk, and the tools that write it; no part of the product imports it."""
