"""What a house and its followers say to each other: followers, messages, menus and the windows for answering."""
