"""What may be said in the house's name: policy before sending, the archive after, and proof of both."""
