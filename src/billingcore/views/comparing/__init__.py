"""What changes between two runs: for whom, by how much, and why."""
