"""The intake screen: one agent, one caller on the line, one page."""
