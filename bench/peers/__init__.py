"""What somebody would sell a limited piece with instead, under the same rush."""
