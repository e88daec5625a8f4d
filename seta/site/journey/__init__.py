"""One client's whole way, from a Moments impression to a settled sale, through the real interfaces only."""
