"""What earns merit, what never may, and how a ledger of deeds becomes a standing: plain values in and out."""
