import { describe, expect, it } from 'vitest'
import { caldav } from '../../protocol/dav/names.ts'
import { elements } from '../../protocol/dav/xml-read.ts'
import { useServer } from './server.ts'

describe('RFC 6638 §4.2 what is decided by what else is in the home', () => {
  const server = useServer({ limits: { collectionsPerHome: 4 } })
  const components = caldav('supported-calendar-component-set')

  it('holds when all calendars are deleted at once: one for events and one for tasks stay', async () => {
    const user = await server.account()
    const more = [`${user.calendars}a/`, `${user.calendars}b/`]
    for (const path of more) expect((await user.request('MKCALENDAR', path)).status).toBe(201)
    await Promise.all([user.calendar, user.tasks, ...more].map((path) => user.delete(path)))
    const listing = await user.propfind(user.calendars, 1, [components])
    const left = listing.responses.flatMap(({ props }) => {
      const set = props.get(components)
      return set ? elements(set).map(({ attributes }) => attributes.get('name')) : []
    })
    expect(left).toEqual(expect.arrayContaining(['VEVENT', 'VTODO']))
  })

  it('holds when several are made at once: a home has as many as it may', async () => {
    const user = await server.account()
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const made = names.map((name) => user.request('MKCALENDAR', `${user.calendars}${name}/`))
    const statuses = (await Promise.all(made)).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([201, 201, 403, 403, 403, 403])
  })
})
