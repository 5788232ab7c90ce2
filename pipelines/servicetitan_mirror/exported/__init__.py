"""A report that the office exported from ServiceTitan, held against the marts: `servicetitan compare-report`.

sheets      CSV and XLSX as rows of texts
kinds       the reports that are known: their columns, and the queries of sql/ that say the same
reading     which report a file is, and its figures by what they are of
comparison  the differences, and the records behind them
"""
