"""What a sweep is asked for, and which trials that makes; no run folder is read here."""
