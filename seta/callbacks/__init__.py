"""The one door for what platforms send: verify, store once, dispatch, reply, and reply the same again."""
