"""Everything between a delivered file and a published table that is not SQL."""
