"""SDKs written by others, run against the sandbox in environments of their own."""
