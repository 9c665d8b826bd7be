"""The lake: archive, ledger and raw tables as files on object storage, for engines that share it.

Pushed to, checked and brought back from here; what the files mean is as in the warehouse. The keys
of the archive never go there. `spark_build` lets an engine of many machines build the models.
"""
