"""The social store: catalogue, stock by movements, orders from bag to refund."""
