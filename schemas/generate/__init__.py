"""The tool that turns the published field tables into the schemas of this package.

``python -m schemas.generate --spec DIR`` reads three CSV files (interfaces, fields, dictionaries) and
``schemas/corrections/``, and writes one JSON Schema per interface and one per dictionary, and the examples.
Running it twice writes the same bytes.
"""
