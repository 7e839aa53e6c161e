"""A Discord on the loopback interface: the unmodified bot runs against it as a process."""
