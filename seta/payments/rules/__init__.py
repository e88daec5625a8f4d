"""The arithmetic and the states of payments: values in, values out."""
