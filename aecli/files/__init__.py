"""The one door to the disk: every file of somebody else is read here, and every file of ours is written here."""
