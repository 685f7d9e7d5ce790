"""Whom news concern: what `gisplatform.live` tells of requests and interventions, and to whom."""
