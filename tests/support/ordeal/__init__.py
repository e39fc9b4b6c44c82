"""The app with all its processes, people at work on two sites, and everything that dies, breaks or is lost.

``machine`` and ``server`` are what can be killed, ``crowd``, ``hands`` and ``turns`` the people, ``sights``
what these had before their eyes, ``mishaps`` what goes wrong when, ``rest`` the end of it, ``verdict``
whether anything came of it that must not.
"""
