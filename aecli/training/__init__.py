"""A model learns; knows configs, and no run folder."""
