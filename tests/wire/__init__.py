"""A Discord on the loopback interface: the unmodified bot runs against it as a process.

loopback.py is what tests see. world.py, guilds.py, channels.py, people.py: what is there, and changes; acting.py: what
people do; observing.py: what can be seen of the bot; faults.py and gateway.py: what goes wrong. process.py starts a bot,
staging.py sets its clock and lets it die; sources.py and papers.py bring it papers.
"""
