"""python-caldav against a server: tasks, journals, relations, expansion and free/busy. See caldav_scenarios.py."""

from datetime import date, datetime, timedelta

import caldav
from caldav.lib import error
from caldav_scenarios import ics, play, summaries, utc, vevent, vtodo


def make(client, name):
    return client.principal().make_calendar(name=name, cal_id=name)


def moments(objects, key):
    return sorted(obj.icalendar_component[key].dt.isoformat() for obj in objects)


def expansion(client, name):
    """Every way in which the library asks for instances."""
    calendar = make(client, name)
    daily = ["DTSTART:20260301T090000Z", "DTEND:20260301T100000Z", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20260302T090000Z"]
    calendar.save_event(ics(*vevent(name + "e", "Standup", *daily)))
    calendar.save_event(ics(*vevent(name + "o", "Once", "DTSTART:20260303T120000Z", "DURATION:PT1H")))
    weekly = ["DTSTART:20260302T080000Z", "DUE:20260302T090000Z", "RRULE:FREQ=WEEKLY;COUNT=3"]
    calendar.save_todo(ics(*vtodo(name + "t", "Report", *weekly)))
    start, end = utc(2026, 3, 1), utc(2026, 3, 5)
    events = calendar.search(start=start, end=end, event=True, expand=True)
    whole = calendar.search(start=start, end=end, event=True, expand=True, split_expanded=False)
    legacy = calendar.date_search(start, end, compfilter="VEVENT", expand=True)
    unexpanded = calendar.date_search(start, end, compfilter="VEVENT", expand=False)
    tasks = calendar.search(start=start, end=utc(2026, 3, 30), todo=True, expand=True, include_completed=True)
    needs_range = "no"
    try:
        calendar.search(event=True, expand=True)
    except error.ReportError:
        needs_range = "yes"
    return {
        "events": moments(events, "DTSTART"),
        "whole": len(whole),
        "legacy": moments(legacy, "DTSTART"),
        "unexpanded": summaries(unexpanded),
        "tasks": moments(tasks, "DTSTART"),
        "due": moments(tasks, "DUE"),
        "needsRange": needs_range,
        "rules": client.last("REPORT").count("RRULE"),
    }


def combined(client, name):
    """Several conditions at once, other component classes, own filters, and sorting."""
    calendar = make(client, name)
    for letter, summary, day, status in [
        ("a", "Budget", "20260305", "CONFIRMED"),
        ("b", "Budget review", "20260310", "TENTATIVE"),
        ("c", "Party", "20260305", "CANCELLED"),
    ]:
        lines = [f"DTSTART:{day}T100000Z", f"DTEND:{day}T110000Z", "STATUS:" + status, "COMMENT:by hand"]
        calendar.save_event(ics(*vevent(name + letter, summary, *lines)))
    for letter, summary, lines in [
        ("t", "Later", ["DUE:20260420T100000Z", "PRIORITY:1"]),
        ("u", "Sooner", ["DUE:20260401T100000Z", "PRIORITY:9"]),
        ("v", "Never", ["PRIORITY:5"]),
    ]:
        calendar.save_todo(ics(*vtodo(name + letter, summary, *lines)))
    day = {"start": utc(2026, 3, 5), "end": utc(2026, 3, 6)}
    by = lambda **conditions: summaries(calendar.search(**conditions))
    order = lambda *keys: [
        str(task.icalendar_component["SUMMARY"]) for task in calendar.search(todo=True, sort_keys=keys)
    ]
    status = caldav.elements.cdav.PropFilter("STATUS") + caldav.elements.cdav.TextMatch("CONFIRMED")
    xml, _ = calendar.build_search_xml_query(event=True, summary="Party")
    return {
        "textAndDay": by(event=True, summary="Budget", **day),
        "statusAndDay": by(event=True, status="CANCELLED", **day),
        "comment": by(event=True, comment="hand"),
        "byClass": by(comp_class=caldav.Event, status="TENTATIVE"),
        "ownFilter": by(event=True, filters=[status]),
        "xml": summaries(calendar.search(xml=xml, comp_class=caldav.Event)),
        "untilApril": by(todo=True, start=utc(2026, 3, 1), end=utc(2026, 4, 2)),
        "byDue": order("due"),
        "byPriority": order("priority"),
        "todos": [str(t.icalendar_component["SUMMARY"]) for t in calendar.todos(sort_keys=("priority",))],
    }


def tasks(client, name):
    """The life of a task, and of one that recurs."""
    calendar = make(client, name)
    made = calendar.save_todo(summary="Pay", dtstart=utc(2026, 3, 1, 9), due=utc(2026, 3, 1, 11))
    name = made.id
    duration = made.get_duration()
    made.set_due(utc(2026, 3, 2, 11), move_dtstart=True)
    made.save()
    moved = calendar.todo_by_uid(name)
    moved_to = [moved.icalendar_component["DTSTART"].dt.isoformat(), moved.get_due().isoformat()]
    moved.set_duration(timedelta(hours=1), movable_attr="DUE")
    moved.save()
    shorter = calendar.todo_by_uid(name).get_due().isoformat()
    moved.complete()
    done = [len(calendar.todos()), len(calendar.todos(include_completed=True))]
    completed = calendar.todo_by_uid(name)
    completed.uncomplete()
    reopened = summaries(calendar.todos())
    ended = {}
    for mode in ["safe", "thisandfuture"]:
        lines = ["DTSTART:20260301T090000Z", "DUE:20260301T100000Z", "RRULE:FREQ=DAILY;COUNT=3"]
        series = calendar.save_todo(ics(*vtodo(name + mode, "Water " + mode, *lines)))
        series.complete(completion_timestamp=utc(2026, 3, 1, 10), handle_rrule=True, rrule_mode=mode)
        pending = calendar.search(todo=True, summary="Water " + mode)
        every = calendar.search(todo=True, include_completed=True, summary="Water " + mode)
        ended[mode] = [len(pending), len(every)]
    return {
        "duration": duration.total_seconds(),
        "movedTo": moved_to,
        "shorter": shorter,
        "done": done,
        "reopened": reopened,
        "recurring": ended,
        "puts": sorted(set(client.statuses("PUT"))),
    }


def relations(client, name):
    """Parents and children of tasks, and copies within and between calendars."""
    calendar = make(client, name)
    parent = calendar.save_todo(summary="House")
    child = calendar.save_todo(summary="Roof", parent=[parent.id])
    parent.set_relation(other=child, reltype="child", set_reverse=False)
    parent.save()
    related = lambda uid: str(calendar.object_by_uid(uid).icalendar_component.get("RELATED-TO"))
    other = make(client, name + "2")
    moved = parent.copy(keep_uid=True, new_parent=other)
    moved.save()
    twin = parent.copy()
    twin.save()
    return {
        "parentIsKept": related(child.id) == parent.id,
        "childIsKept": related(parent.id) == child.id,
        "elsewhere": summaries(other.todos()),
        "twins": summaries(calendar.todos()),
    }


def journals(client, name):
    calendar = make(client, name)
    name = calendar.save_journal(dtstart=date(2026, 3, 1), summary="Day one").id
    calendar.save_journal(dtstart=datetime(2026, 3, 2, 20), summary="Day two")
    found = calendar.search(comp_class=caldav.Journal, start=utc(2026, 3, 1), end=utc(2026, 3, 2))
    return {
        "all": summaries(calendar.journals()),
        "byUid": summaries([calendar.journal_by_uid(name)]),
        "firstDay": summaries(found),
    }


def freebusy(client, name):
    """RFC 4791 §7.10."""
    calendar = make(client, name)
    for letter, lines in {
        "a": ["DTSTART:20260302T090000Z", "DTEND:20260302T100000Z"],
        "b": ["DTSTART:20260302T093000Z", "DTEND:20260302T110000Z"],
        "c": ["DTSTART:20260302T130000Z", "DURATION:PT1H", "STATUS:TENTATIVE"],
        "d": ["DTSTART:20260302T150000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"],
        "e": ["DTSTART:20260302T170000Z", "DURATION:PT1H", "STATUS:CANCELLED"],
        "f": ["DTSTART:20260227T200000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"],
    }.items():
        calendar.save_event(ics(*vevent(name + letter, letter, *lines)))
    answer = calendar.freebusy_request(utc(2026, 3, 2), utc(2026, 3, 3))
    component = answer.icalendar_instance.walk("VFREEBUSY")[0]
    periods = component.get("FREEBUSY", [])
    periods = periods if isinstance(periods, list) else [periods]
    seen = []
    for line in periods:
        for first, last in [(p.start, p.end) for p in line] if hasattr(line, "__iter__") else [(line.start, line.end)]:
            seen.append([str(line.params.get("FBTYPE", "BUSY")), first.isoformat(), last.isoformat()])
    return {"periods": sorted(seen, key=lambda period: period[1]), "status": client.statuses("REPORT")[-1]}


play([expansion, combined, tasks, relations, journals, freebusy])
