"""The run folder: file names, status, atomic writes, reading back. Nothing here imports torch."""
