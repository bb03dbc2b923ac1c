import { idsByEntry, type SearchRow, searchRows, waitingRows } from '../../../storage/search/candidates.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { entryOf, type SearchField, type StoredField } from './fields.ts'
import { identify } from './identify.ts'
import { compareNumbers, fewestEqualDigits, readNumber } from './numbers.ts'
import { findable, scopesOf } from './reach.ts'
import { foldText, reversed, significantDigits } from './words.ts'

/** Who has a number or a mail address. */
export interface Known {
  readonly kind: 'person' | 'org'
  readonly name: string
  readonly company: string | null
  readonly partyId: number | null
  readonly cardId: number | null
  readonly isExact: boolean
  readonly text: string
}

/** People of one number at most: a switchboard's is on many cards. */
const mostKnown = 20
const mostLooked = 200

/** Who calls: those with the same number, then those whose numbers end alike, each once. */
export async function lookUpNumber(
  services: Pick<Services, 'store' | 'settings' | 'now' | 'newId'>,
  session: Session,
  number: string,
): Promise<Known[]> {
  const { country } = services.settings.people
  const digits = significantDigits(readNumber(number, country).national)
  if (digits === '') return []
  const start = entryOf.number + reversed(digits).slice(0, fewestEqualDigits)
  return lookUp(services, session, start, (name, text) => {
    const outcome = name === 'phone' ? compareNumbers(number, text, country) : undefined
    return outcome && { text, isExact: outcome === 'same' }
  })
}

/** Who writes: those with the same address. */
export async function lookUpMail(
  services: Pick<Services, 'store' | 'settings' | 'now' | 'newId'>,
  session: Session,
  mail: string,
): Promise<Known[]> {
  const folded = foldText(mail)
  const start = entryOf.email + folded.slice(0, 60)
  return lookUp(services, session, start, (name, text) =>
    name === 'email' && foldText(text) === folded ? { text, isExact: true } : undefined,
  )
}

type Judge = (
  field: SearchField,
  text: string,
) => { readonly text: string; readonly isExact: boolean } | undefined

async function lookUp(
  services: Pick<Services, 'store' | 'settings' | 'now' | 'newId'>,
  session: Session,
  start: string,
  judge: Judge,
): Promise<Known[]> {
  const there = await findable(services, session)
  const sought = { scopes: scopesOf(there, new Set(['person'])), kinds: ['person', 'org'] as const }
  return services.store.read(async (reader) => {
    const ids = await idsByEntry(reader, sought.scopes, [start], mostLooked)
    const rows = [...(await searchRows(reader, sought, ids)), ...(await waitingRows(reader, sought))]
    const found = rows.flatMap((row) => judged(row, judge) ?? [])
    found.sort((one, other) => Number(other.isExact) - Number(one.isExact) || one.row.id - other.row.id)
    const identities = await identify(
      reader,
      there,
      found.map(({ row }) => row),
    )
    const known = new Map<string, Known>()
    for (const { row, company, text, isExact } of found) {
      const { key, partyId = null, cardId = null } = identities.get(row.id) ?? { key: '' }
      const kind = row.kind === 'org' ? 'org' : 'person'
      if (!known.has(key) || (known.get(key)?.partyId === null && partyId !== null))
        known.set(key, { kind, name: row.title, company, partyId, cardId, isExact, text })
    }
    return [...known.values()].slice(0, mostKnown)
  })
}

function judged(row: SearchRow, judge: Judge) {
  const fields = JSON.parse(row.texts) as StoredField[]
  const company = fields.find(([name]) => name === 'company')?.[1] ?? null
  const outcomes = fields.flatMap(([name, text]) => judge(name, text) ?? [])
  const best = outcomes.find(({ isExact }) => isExact) ?? outcomes[0]
  return best && { row, company, ...best }
}
