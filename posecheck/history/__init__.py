"""What was done over days and weeks: records, personal range, the plan, progress and the report."""
