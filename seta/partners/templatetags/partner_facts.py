"""Looks up when a fact was last confirmed."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def known(facts: Mapping[str, tuple[str, str]] | str, kind: str) -> tuple[str, str] | None:
    """Who confirmed a fact and on which ISO day, or None; a new business has confirmed nothing."""
    return facts.get(kind) if isinstance(facts, Mapping) else None
