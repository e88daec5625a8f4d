"""Consultations by voice and video between a client and an associate, held from browser to browser."""
