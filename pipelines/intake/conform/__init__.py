"""From what a sender wrote to canonical rows: a contract applied to a delivery.

Readers (`intake.readers`) know formats and no contract; this package knows contracts and no
formats. What becomes of the result is decided in `intake.process`.
"""
