"""Disclosure control: which cells may leave the house, and which must stay so that those can.

`protect` is the way in; `audit` looks at what came out of it, as a reader would. Rules in words:
docs/disclosure.md.
"""
