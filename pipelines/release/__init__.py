"""Releases: what is signed, published and never changed again.

`monitor run` keeps a candidate fresh (`pipelines.publish`); here one is made into a version with a
manifest, checked, signed off, published at its time, compared with the release before it, and
explained cell by cell. What a cell is and how files look is not decided here.
"""
