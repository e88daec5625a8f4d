"""The desk: where the people of a house see what happens and decide what to do."""
