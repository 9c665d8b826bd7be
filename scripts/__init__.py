"""Programs that make what the repository ships; nothing the pipeline itself needs to run."""
