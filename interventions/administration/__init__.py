"""What the administration asks and says about the glossary and the rules."""
