"""The driver of tests/benchmarks/peers.py: runs in aecli's environment and imports none of the peers."""
