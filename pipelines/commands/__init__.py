"""The commands of `monitor`, one file a subject; `pipelines.cli` lists them."""
