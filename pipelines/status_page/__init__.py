"""The page that tells readers how things stand: deliveries, releases, known problems.

Static, in Danish and English, beside the published files and written anew by each run. It tells of
sources and dates alone: no file, sender, municipality or person is on it.
"""
