"""YAML text in, one frozen and checked Config out."""
