"""What is written from the contracts and never by hand: dbt's sources, dictionary, delivery guide.

`python -m pipelines.documents` writes all of it anew; a test holds what is committed against it.
"""
