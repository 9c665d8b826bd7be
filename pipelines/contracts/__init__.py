"""What a delivery of each source must look like: the model, its loader and what is derived from it.

The declarations themselves are data: `pipelines/sources/<source>/`.
"""
