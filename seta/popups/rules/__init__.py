"""What a plan of a pop-up must be, which steps it may take and why it is refused: plain values in and out."""
