"""What may be said: codes and numbers, no sentence; knows evidence and statistics."""
