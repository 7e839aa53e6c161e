"""Papers that reach people by themselves: which, when, where, and each exactly once."""
