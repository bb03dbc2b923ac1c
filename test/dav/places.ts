import type { AceTarget } from '../../storage/aces.ts'
import { findCollection } from '../../storage/collections.ts'
import { listHomes } from '../../storage/homes.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import type { Account, TestServer } from './server.ts'

/** Where an account's rights stand in the database. */
export interface Places {
  /** Of the principal. */
  readonly id: number
  /** The home of its calendars. */
  readonly home: AceTarget
  readonly calendar: AceTarget
}

export async function placesOf({ services }: TestServer, { name }: Pick<Account, 'name'>): Promise<Places> {
  return services.store.read(async (reader) => {
    const id = (await findPrincipalByName(reader, name))?.id ?? 0
    const home = (await listHomes(reader, id)).find(({ kind }) => kind === 'calendars')
    const calendar = home && (await findCollection(reader, home.id, 'calendar'))
    return {
      id,
      home: { kind: 'home', id: home?.id ?? 0 },
      calendar: { kind: 'collection', id: calendar?.id ?? 0 },
    }
  })
}
