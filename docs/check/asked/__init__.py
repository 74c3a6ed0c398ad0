"""What engram is asked."""
