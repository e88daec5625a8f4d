"""The sample world: a sandbox, a server, a maison and a city, set up from nothing."""
