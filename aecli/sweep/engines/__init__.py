"""Who trains trials: processes of this machine, or of the nodes of a Ray cluster."""
