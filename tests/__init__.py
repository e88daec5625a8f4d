"""Tests of Seta."""
