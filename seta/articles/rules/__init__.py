"""What an article may hold, how its words become a page, and what may be done with it when."""
