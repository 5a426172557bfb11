"""Explaining a case: its story, its clocks day by day with every act that moved them."""
