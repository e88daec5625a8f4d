"""Workloads and their limits, each limit measured in the same run on the same machine."""
