"""Long lives of the real program among everything that people and networks do to it."""
