"""Starts a JobManager alone with a case's files, and sees what comes of it."""
CHOSEN = {}
