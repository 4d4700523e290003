import os

# A test sees the finished plan, however busy the machine is: it is planned in the request's thread.
os.environ.setdefault("ROADBOOK_PLANNERS", "0")
