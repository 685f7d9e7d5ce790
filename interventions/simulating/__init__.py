"""What a version of a layer not yet in force, or a changed rule, would move: played through, never in force."""
