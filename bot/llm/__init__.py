"""Answers written by a language model, and checked sentence by sentence before anybody reads them."""
