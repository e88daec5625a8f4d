"""Houses are tenants: a maison or a destination, its staff, and its accounts at the platforms."""
