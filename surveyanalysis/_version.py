"""The version, read by the build and written into every origin."""

__version__ = "0.1.0"
