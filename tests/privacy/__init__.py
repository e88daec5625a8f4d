"""Tests of what a person may ask of their own data."""
