"""Broadcasts: one message to the followers of a segment, at its time, within what WeChat lets a follower receive."""
