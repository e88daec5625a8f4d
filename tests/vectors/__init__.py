"""Published vectors and what must agree with them."""
