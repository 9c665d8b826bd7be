"""Makes the shipped example deliveries: synthetic, seeded, byte for byte the same every time.

Run as ``python -m scripts.make_deliveries``. One module a subject: `panel` (which municipalities
have plans), `reconstruction` (the 2015 answers, solved for), `evolution` (2016 and 2017),
`register` (the plans of the driftsstøtte system), `dialogue` and `minutes` (styringsdialog),
`broken` (what senders get wrong), and a writer for each format. Nothing here reads deliveries.
"""
