"""Addresses of this room: `pages` for people, `api` under /api/v1/."""

from django.urls import URLPattern

pages: list[URLPattern] = []
api: list[URLPattern] = []
