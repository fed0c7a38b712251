"""What there is of a sweep on the disk: its folder, who is at which trial, and how far it is."""
