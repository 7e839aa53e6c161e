"""What happens when a button is pressed. Each button is told by its custom id alone, so it outlives a restart."""
