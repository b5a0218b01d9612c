"""`python -m surveyanalysis`."""

from .cli import main

main()
