"""The boutique: rules, stock, orders, payment and its door."""
