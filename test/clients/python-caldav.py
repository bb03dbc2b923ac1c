"""python-caldav against a server: discovery, events, searches and sync. See caldav_scenarios.py."""

from datetime import date, timezone

from caldav.lib import error
from caldav_scenarios import ics, play, summaries, utc, vevent, vtodo


def discover(client, name):
    principal = client.principal()
    before = sorted(calendar.url.path for calendar in principal.calendars())
    made = principal.make_calendar(name="Büro & <Heim>", cal_id=name)
    again = client.principal().calendar(name="Büro & <Heim>")
    return {
        "principal": principal.url.path,
        "home": principal.calendar_home_set.url.path,
        "before": before,
        "made": made.url.path,
        "found": again.url.path,
        "displayName": again.get_display_name(),
        "components": sorted(again.get_supported_components()),
        "statuses": client.statuses("MKCALENDAR"),
    }


def tasklist(client, name):
    made = client.principal().make_calendar(name=name, cal_id=name, supported_calendar_component_set=["VTODO"])
    return {"components": made.get_supported_components()}


def lifecycle(client, name):
    calendar = client.principal().make_calendar(name=name, cal_id=name)
    saved = calendar.save_event(ics(*vevent(name, "First", "DTSTART:20260302T090000Z", "DTEND:20260302T100000Z")))
    saved.icalendar_component["SUMMARY"] = "Second"
    saved.save()
    loaded = calendar.event_by_url(saved.url)
    events = summaries(calendar.events())
    duplicate = None
    try:
        other = ics(*vevent(name, "Copy", "DTSTART:20260302T090000Z"))
        client.put(calendar.url.join("copy.ics"), other, {"Content-Type": "text/calendar"})
        duplicate = client.statuses("PUT")[-1]
    except error.AuthorizationError:
        duplicate = 403
    puts = client.statuses("PUT")[:2]
    saved.delete()
    gone = "found"
    try:
        calendar.event_by_url(saved.url)
    except error.NotFoundError:
        gone = "not found"
    calendar.delete()
    names = [other.url.path for other in client.principal().calendars()]
    return {
        "loaded": str(loaded.icalendar_component["SUMMARY"]),
        "events": events,
        "puts": puts,
        "duplicate": duplicate,
        "gone": gone,
        "calendarGone": calendar.url.path not in names,
    }


def recurring(client, name):
    calendar = client.principal().make_calendar(name=name, cal_id=name)
    series = vevent(
        name,
        "Daily",
        "DTSTART;TZID=Europe/Berlin:20251201T090000",
        "DTEND;TZID=Europe/Berlin:20251201T093000",
        "RRULE:FREQ=DAILY",
        "EXDATE;TZID=Europe/Berlin:20260103T090000",
    )
    moved = vevent(
        name,
        "Moved",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260105T090000",
        "DTSTART;TZID=Europe/Berlin:20260105T150000",
        "DTEND;TZID=Europe/Berlin:20260105T153000",
    )
    zone = ["BEGIN:VTIMEZONE", "TZID:Europe/Berlin"]
    zone += ["BEGIN:STANDARD", "DTSTART:19701025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"]
    zone += ["RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD"]
    zone += ["BEGIN:DAYLIGHT", "DTSTART:19700329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"]
    zone += ["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT", "END:VTIMEZONE"]
    calendar.save_event(ics(*zone, *series, *moved))
    start, end = utc(2026, 1, 1), utc(2026, 1, 8)
    plain = calendar.date_search(start, end, expand=False)
    calendar.date_search(start, end, expand=True)
    raw = client.last("REPORT")
    split = calendar.search(start=start, end=end, event=True, expand=True)
    starts = sorted(obj.icalendar_component["DTSTART"].dt.astimezone(timezone.utc).isoformat() for obj in split)
    return {
        "plain": len(plain),
        "plainHasRule": "RRULE" in plain[0].data,
        "raw": raw,
        "starts": starts,
        "before": len(calendar.date_search(utc(2025, 11, 1), utc(2025, 12, 1), expand=False)),
        "excludedHour": len(calendar.date_search(utc(2026, 1, 3, 8), utc(2026, 1, 3, 9), expand=False)),
        "movedFrom": len(calendar.date_search(utc(2026, 1, 5, 8), utc(2026, 1, 5, 9), expand=False)),
        "movedTo": len(calendar.date_search(utc(2026, 1, 5, 14), utc(2026, 1, 5, 15), expand=False)),
        "summer": len(calendar.date_search(utc(2026, 7, 1, 7), utc(2026, 7, 1, 7, 10), expand=False)),
    }


def ranges(client, name):
    calendar = client.principal().make_calendar(name=name, cal_id=name)
    items = [
        ("past", "Past", ["DTSTART:20250101T090000Z", "DTEND:20250101T100000Z"]),
        ("day", "All day", ["DTSTART;VALUE=DATE:20260302"]),
        ("floating", "Floating", ["DTSTART:20260304T120000", "DURATION:PT1H"]),
        ("instant", "Instant", ["DTSTART:20260305T120000Z"]),
        ("future", "Future", ["DTSTART:20300101T090000Z", "DTEND:20300101T100000Z"]),
    ]
    for uid, summary, lines in items:
        calendar.save_event(ics(*vevent(name + uid, summary, *lines)))
    return {
        "all": summaries(calendar.events()),
        "march": summaries(calendar.search(start=utc(2026, 3, 1), end=utc(2026, 4, 1), event=True)),
        "fromMarch": summaries(calendar.search(start=utc(2026, 3, 1), event=True)),
        "untilMarch": summaries(calendar.search(end=utc(2026, 3, 1), event=True)),
        "atInstant": summaries(calendar.search(start=utc(2026, 3, 5, 12), end=utc(2026, 3, 5, 13), event=True)),
        "afterInstant": summaries(calendar.search(start=utc(2026, 3, 5, 12, 1), end=utc(2026, 3, 5, 13), event=True)),
    }


def todos(client, name):
    components = ["VTODO"]
    tasks = client.principal().make_calendar(name=name, cal_id=name, supported_calendar_component_set=components)
    bare = tasks.save_todo(ics(*vtodo(name + "bare", "Bare")))
    tasks.save_todo(ics(*vtodo(name + "due", "Due", "DUE:20260305T160000Z", "STATUS:NEEDS-ACTION")))
    tasks.save_todo(ics(*vtodo(name + "cancelled", "Cancelled", "STATUS:CANCELLED")))
    tasks.save_todo(ics(*vtodo(name + "started", "Started", "DTSTART;VALUE=DATE:20260310", "DUE;VALUE=DATE:20260312")))
    pending = summaries(tasks.todos())
    bare.complete(completion_timestamp=utc(2026, 3, 1, 12))
    return {
        "pending": pending,
        "afterwards": summaries(tasks.todos()),
        "withCompleted": summaries(tasks.todos(include_completed=True)),
        "status": str(tasks.todo_by_uid(name + "bare").icalendar_component["STATUS"]),
        "dueThatDay": summaries(
            tasks.search(start=utc(2026, 3, 5), end=utc(2026, 3, 6), todo=True, include_completed=True)
        ),
        "puts": client.statuses("PUT"),
    }


def sync(client, name):
    calendar = client.principal().make_calendar(name=name, cal_id=name)
    when = ["DTSTART:20260302T090000Z", "DTEND:20260302T100000Z"]
    first = calendar.save_event(ics(*vevent(name + "1", "One", *when)))
    second = calendar.save_event(ics(*vevent(name + "2", "Two", *when)))
    state = calendar.objects_by_sync_token(load_objects=True)
    initial = summaries(state)
    start_token = state.sync_token
    unchanged = len(list(calendar.objects_by_sync_token(start_token)))
    second.icalendar_component["SUMMARY"] = "Two changed"
    second.save()
    calendar.save_event(ics(*vevent(name + "3", "Three", *when)))
    updated, deleted = state.sync()
    changes = [summaries(updated), len(deleted)]
    first.delete()
    updated, deleted = state.sync()
    deletion = [summaries(updated), [obj.url.path.rsplit("/", 1)[-1] for obj in deleted]]
    replay = sorted(obj.url.path.rsplit("/", 1)[-1] for obj in calendar.objects_by_sync_token(start_token))
    calendar.objects_by_sync_token(start_token)
    replay_raw = client.last("REPORT")
    invented = None
    try:
        calendar.objects_by_sync_token("http://example.org/ns/sync/not-ours")
    except error.DAVError as refused:
        invented = type(refused).__name__
    return {
        "initial": initial,
        "unchanged": unchanged,
        "changes": changes,
        "deletion": deletion,
        "left": summaries(state),
        "replay": replay,
        "replayRaw": replay_raw,
        "invented": invented,
    }


def search(client, name):
    calendar = client.principal().make_calendar(name=name, cal_id=name)
    when = ["DTSTART:20260302T090000Z", "DTEND:20260302T100000Z"]
    calendar.save_event(
        ics(*vevent(name + "a", "Käse und Brot", *when, "CATEGORIES:Food,Home", "LOCATION:Room 5", "CLASS:PRIVATE"))
    )
    calendar.save_event(ics(*vevent(name + "ab", "Standup", *when, "CATEGORIES:Work", "DESCRIPTION:a long\\n talk")))
    calendar.save_todo(ics(*vtodo(name + "task", "Buy milk")))
    missing = "found"
    try:
        calendar.event_by_uid(name + "nothing")
    except error.NotFoundError:
        missing = "not found"
    client.report(
        calendar.url,
        '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/></D:prop>'
        '<C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>',
        1,
    )
    everything = client.last("REPORT").count(".ics</")
    return {
        "byUid": summaries([calendar.event_by_uid(name + "a")]),
        "anyByUid": summaries([calendar.object_by_uid(name + "task")]),
        "missing": missing,
        "summary": summaries(calendar.search(event=True, summary="Käse")),
        "otherCase": summaries(calendar.search(event=True, summary="käse")),
        "category": summaries(calendar.search(event=True, category="Food")),
        "location": summaries(calendar.search(event=True, location="Room")),
        "description": summaries(calendar.search(event=True, description="long")),
        "class": summaries(calendar.search(event=True, class_="PRIVATE")),
        "nothing": summaries(calendar.search(event=True, summary="nowhere")),
        "events": summaries(calendar.events()),
        "all": everything,
        "multiget": summaries(calendar.calendar_multiget([event.url for event in calendar.events()])),
    }


def fields(client, name):
    """An event made of fields, as Home Assistant makes it, rather than of a text."""
    calendar = client.principal().make_calendar(name=name, cal_id=name)
    calendar.save_event(dtstart=date(2026, 3, 2), dtend=date(2026, 3, 3), summary="Birthday", rrule={"FREQ": "YEARLY"})
    expanded = calendar.search(start=utc(2028, 1, 1), end=utc(2029, 1, 1), event=True, expand=True)
    component = expanded[0].icalendar_component
    return {
        "count": len(expanded),
        "start": component["DTSTART"].dt.isoformat(),
        "raw": client.last("REPORT"),
    }


SCENARIOS = [discover, tasklist, lifecycle, recurring, ranges, todos, sync, search, fields]

play(SCENARIOS)
