"""Measures that can be checked: one definition of each, over a lake of facts that names nobody by a platform's id."""
