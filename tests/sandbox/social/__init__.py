"""Official Accounts and mini programs of the sandbox, topic by topic, in this process."""
