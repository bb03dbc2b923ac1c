"""What scripts for python-caldav (Debian's python3-caldav) share.

A script reads {"url", "user", "password", "name"} as JSON from standard input, takes the scenario's name as
argument, and prints what it saw as JSON. `name` is a collection name nobody has used yet.
"""

import json
import logging
import sys
from datetime import datetime, timezone

import caldav

logging.disable(logging.CRITICAL)


class Client(caldav.DAVClient):
    """The library's client, keeping what went over the wire."""

    def __init__(self, **options):
        super().__init__(**options)
        self.wire = []

    def request(self, url, method="GET", body="", headers={}):
        response = super().request(url, method, body, headers)
        raw = response.raw
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
        self.wire.append({"method": method.upper(), "status": response.status, "body": text})
        return response

    def last(self, method):
        """Body of the last answer to a method: what the server said before the library mends it."""
        return [entry["body"] for entry in self.wire if entry["method"] == method][-1]

    def statuses(self, method):
        return [entry["status"] for entry in self.wire if entry["method"] == method]


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def ics(*lines):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", *lines, "END:VCALENDAR", ""])


def vevent(uid, summary, *lines):
    return ["BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:20260101T000000Z", "SUMMARY:" + summary, *lines, "END:VEVENT"]


def vtodo(uid, summary, *lines):
    return ["BEGIN:VTODO", "UID:" + uid, "DTSTAMP:20260101T000000Z", "SUMMARY:" + summary, *lines, "END:VTODO"]


def summaries(objects):
    for obj in objects:
        if obj.data is None:
            obj.load()
    return sorted(str(obj.icalendar_component["SUMMARY"]) for obj in objects)


def play(scenarios):
    """Plays the scenario that the first argument names."""
    given = json.load(sys.stdin)
    client = Client(url=given["url"] + "/", username=given["user"], password=given["password"])
    scenario = {function.__name__: function for function in scenarios}[sys.argv[1]]
    json.dump(scenario(client, given["name"]), sys.stdout)
