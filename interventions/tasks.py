"""Where the job queue looks for this room's jobs."""
