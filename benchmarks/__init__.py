"""Measurements that the documents quote; run from a checkout."""

import os

# As for every command, before numpy is imported: products this small are slower on several threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
