"""The smallest shop that django-oscar makes: its own apps, pages and stock; nothing of ours in the way."""
