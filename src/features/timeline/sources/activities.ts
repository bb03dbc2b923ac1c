import { listActivities, listTeamActivities } from '../../../../storage/timeline/activities.ts'
import { readerOf } from '../activities.ts'
import { showActivities } from '../show-activity.ts'
import { foundOf, type TimelineSource } from '../source.ts'

/** Longest title, of a text that has none of its own. */
const titleCharacters = 120

/** Notes, calls, visits and what else was written down. */
export const activitySource: TimelineSource = {
  name: 'activities',
  async read(reader, asking, scope, page) {
    const who = await readerOf(reader, asking.session)
    const rows =
      scope.kind === 'team'
        ? await listTeamActivities(reader, scope, who, page)
        : await listActivities(reader, scope.ids, who, page)
    const shown = await showActivities(reader, asking, rows)
    const entries = shown
      // Of somebody whom the caller does not see there is nothing.
      .filter(({ parties }) => parties.length > 0)
      .map(({ id, kind, at, author, parties, text, ...data }) => ({
        ...{ id, kind, parties },
        at: Date.parse(at),
        title: (text.split('\n')[0] ?? '').slice(0, titleCharacters) || (data.outcome ?? ''),
        author: author?.displayName || author?.name || null,
        device: null,
        data: { activity: id, text, ...data },
      }))
    return foundOf(rows, page.limit, entries)
  },
}
