"""Cards: functions from a value to what Discord shows. They fetch nothing."""
