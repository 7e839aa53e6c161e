"""`papercord bench`: how fast and how large it is, each figure beside its yardstick, on the machine it runs on."""
