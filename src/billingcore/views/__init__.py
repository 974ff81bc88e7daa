"""Views of what is billed and what will be: schedules and forecasts; nothing is stored."""
