"""The report as a page: charts, HTML, JSON."""
