import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { mustSetAcl } from './acls.ts'
import { preconditionsOf } from './client.ts'
import { share } from './locking.ts'
import { useServer } from './server.ts'

const server = useServer()

describe('a name in another’s home that is taken by what one does not see', () => {
  it('is refused, and nothing is made: MKCALENDAR, COPY and MOVE', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const carol = await server.account()
    const mounted = await share(server, carol, alice, 'mounted')
    await mustSetAcl(alice, alice.calendars, [{ who: bob.principal, grant: ['read', 'bind', 'unbind'] }])
    await mustSetAcl(alice, alice.tasks, [{ who: bob.principal, deny: ['all'] }])
    await bob.request('MKCALENDAR', `${alice.calendars}his/`)
    for (const path of [alice.tasks, `${alice.calendars}mounted/`]) {
      expect((await bob.get(path)).status).toBe(404)
      const answers = [
        await bob.request('MKCALENDAR', path),
        await bob.request('COPY', bob.calendar, { headers: { Destination: path } }),
        await bob.request('MOVE', `${alice.calendars}his/`, { headers: { Destination: path } }),
      ]
      for (const answer of answers)
        expect([path, answer.status, preconditionsOf(answer)]).toEqual([
          path,
          403,
          [dav('resource-must-be-null')],
        ])
    }
    const left = [alice.calendars, alice.calendar, alice.tasks, `${alice.calendars}his/`, mounted]
    expect([...(await alice.propfind(alice.calendars, 1, [])).hrefs].sort()).toEqual(left.sort())
  })
})
