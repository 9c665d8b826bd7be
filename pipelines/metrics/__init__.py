"""Counts and ages of an installation, for a program that watches many (`monitor metrics`)."""
