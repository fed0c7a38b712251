"""Every name in a config: one room for each section; knows no Config and no run folder."""
