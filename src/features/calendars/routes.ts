import { look, type Route } from '../../api/route.ts'
import { calendarList } from './schema.ts'
import { shownCalendars } from './show-calendars.ts'

/** The calendars of an account, for whoever ties events to people and makes tasks. */
export const calendarRoutes: readonly Route[] = [
  look(
    {
      ...{ method: 'GET', path: '/calendars', scope: 'calendars' },
      summary: 'The calendars and lists of tasks that I see',
    },
    { reply: calendarList },
    async ({ store, session }) => ({ body: await store.read((reader) => shownCalendars(reader, session)) }),
  ),
]
