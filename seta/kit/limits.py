"""Every limit that guards a door or a loop, with its unit in its name."""

CALLBACK_BODY_BYTES_MAX = 1_000_000
"""A platform's push is a few kilobytes; more than this is not read."""

CALLBACK_AGE_SECONDS_MAX = 300
"""Pushes and notifications with an older or younger timestamp are refused, as the SDKs do."""

CALLBACK_BATCH_MAX = 256
"""Callbacks that share one commit: whatever came in during the last one, 30 ms of work at the most."""

CALLBACK_QUEUE_MAX = 2_000
"""Callbacks that may wait for a commit; beyond it the door answers 503 and the platform sends again."""

REPLY_SECONDS_MAX = 4.5
"""WeChat waits 5 seconds for the reply to a message."""

DELIVERY_ATTEMPTS_MAX = 12
"""After so many failures a delivery rests until somebody looks at it."""

DELIVERY_BATCH_MAX = 64
"""Deliveries that the worker takes at once."""

SESSION_SECONDS = 7 * 24 * 3600
"""How long a client's mini program session lives."""
