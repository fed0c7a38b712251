"""Penalties, constraints and layers that keep a network simple."""
