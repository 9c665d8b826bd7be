"""A file for analysts who may not see answers: what is in it, and how it is opened.

`allowed` says which columns, `confidential` which tables never, `make` writes the file, `opened`
opens it so that a query can read it and nothing else.
"""
