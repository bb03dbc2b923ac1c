import { Readable } from 'node:stream'
import type { RawCall } from '../../api/route.ts'
import { findRoute } from '../../api/routes.ts'
import { actingFor, type Session } from '../../auth/session.ts'
import { findAccount } from '../../features/accounts/accounts.ts'
import { zipOctets } from '../../features/archive/archive.ts'
import { exportPerson } from '../../features/privacy/export-person.ts'
import type { Services } from '../../services.ts'
import { writeFileOf } from '../archive.ts'
import { type Command, positional, text, UsageError, withServices } from '../command.ts'

export const personExport: Command = {
  words: ['person', 'export'],
  usage: 'NAME ID [--to FILE.zip]',
  summary: 'Write out all about one person that an account may see, as the API does, into a ZIP file.',
  options: { to: { type: 'string', help: 'the file to make (default ./person-ID.zip)' } },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const id = Number(positional(invocation, 1, 'the ID of the person'))
    await withServices(settings, async (services) => {
      const { store } = services
      const session = actingFor(await store.read((reader) => findAccount(reader, name)), settings)
      const person = Number.isSafeInteger(id)
        ? await exportPerson(findRoute, callBy(services, session), id)
        : undefined
      if (!person) throw new UsageError('The account sees nobody with this ID.')
      const to = text(invocation, 'to') ?? `person-${person.id}.zip`
      await writeFileOf(Readable.from(zipOctets(person.entries), { objectMode: false }), to)
      print(to)
    })
    return 0
  },
}

/** A request of the API as an account would make it. */
function callBy(services: Services, session: Session): RawCall {
  const none = { ifMatch: undefined, ifNoneMatch: undefined, lastEventId: undefined, isMatchJudged: () => {} }
  return {
    ...{ ...services, ...none, session, requestId: services.newId(), params: {}, query: {}, body: undefined },
    octets: async function* () {},
  }
}
