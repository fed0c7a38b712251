"""Numbers alone; knows no run."""
