"""The catalogue of outlets: which feeds serve which topic."""
