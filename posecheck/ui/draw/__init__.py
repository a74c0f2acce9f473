"""Everything that is drawn with a painter."""
