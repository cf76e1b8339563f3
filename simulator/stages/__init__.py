"""The stages of the pipeline, one module each; ``simulator.pipeline`` is the order in which they run."""
