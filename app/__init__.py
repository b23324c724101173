"""Questions to answers, the web pages, the command line and the settings."""
