"""Who must answer: rules, and one statement that decides and says why."""
