"""What daybrief claims, measured: one module a claim, beside its peers."""
