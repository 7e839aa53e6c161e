"""Measurements that the documents quote; run from a checkout."""
