"""The relief policy: loads decided today, with a value for what tomorrow's roads may be."""
