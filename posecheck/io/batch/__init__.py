"""Many recordings: what is to be judged, and the tables and files of the results."""
