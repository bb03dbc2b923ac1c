import type { ConsentRow } from '../../../storage/facts/tables.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { etagOfVersion } from '../../api/conditions.ts'
import { type ChangeCall, change, idIn, look, type Route } from '../../api/route.ts'
import { dayOf } from '../facts/days.ts'
import { type Asking, etagNow, mustFindParty, type Opened, openParty } from '../people/asking.ts'
import {
  addConsent,
  changeConsent,
  consentsOf,
  type Evidence,
  isInForce,
  permissionOf,
  removeConsent,
} from './consents.ts'
import { readableEvidence } from './evidence.ts'
import { consent, consentAnswer, consentChange, consentList, consentQuestion, newConsent } from './schema.ts'

const scope = 'people'
const affects = 'facts'
const list = '/parties/:id/consents'
const item = '/parties/:id/consents/:item'

/** What people have agreed to, for each channel and purpose; an If-Match is of the party's version. */
export const consentRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: list, summary: 'What somebody has agreed to', scope },
    { reply: consentList },
    (call) =>
      call.store.read(async (reader) => {
        const { asking, party } = await mustFindParty(reader, call)
        const rows = await consentsOf(reader, party.row.id)
        return {
          body: { items: await shownAll(reader, asking, rows, call.now()) },
          etag: etagOfVersion(party.row.version),
        }
      }),
  ),
  look(
    { method: 'GET', path: `${list}/answer`, summary: 'Whether somebody may be written to or called', scope },
    { query: consentQuestion, reply: consentAnswer },
    (call) =>
      call.store.read(async (reader) => {
        const { asking, party } = await mustFindParty(reader, call)
        const rows = await consentsOf(reader, party.row.id)
        const { answer, because } = permissionOf(rows, call.query, dayOf(call.now()))
        const [shown = null] = await shownAll(reader, asking, because ? [because] : [], call.now())
        return { body: { answer, because: shown } }
      }),
  ),
  change(
    { method: 'POST', path: list, summary: 'Say what somebody has agreed to', scope, affects },
    { body: newConsent, reply: consent, statuses: [201] },
    async (tx, call) => {
      const opened = await openParty(tx, call)
      const { channel, purpose, ...input } = call.body
      return answer(tx, opened, await addConsent(tx, opened, { channel, purpose }, input))
    },
  ),
  change(
    { method: 'PATCH', path: item, summary: 'Say that it is different now', scope, affects },
    { body: consentChange, reply: consent },
    async (tx, call) => {
      const opened = await openParty(tx, call)
      return answer(tx, opened, await changeConsent(tx, opened, itemIn(call), call.body))
    },
  ),
  change(
    { method: 'DELETE', path: item, summary: 'Nothing was ever said of it', scope, affects },
    {},
    async (tx, call) => {
      const opened = await openParty(tx, call)
      await removeConsent(tx, opened, itemIn(call))
      return { etag: await etagNow(tx, opened.party.row.id) }
    },
  ),
]

function itemIn({ params }: Pick<ChangeCall<unknown>, 'params'>): number {
  return idIn({ params: { id: params.item ?? '' } })
}

async function answer(reader: Writer, opened: Opened, row: ConsentRow) {
  const [shown] = await shownAll(reader, opened, [row], reader.now)
  if (!shown) throw new Error('What was written is not seen.')
  return { body: shown, etag: await etagNow(reader, opened.party.row.id) }
}

/** Consents as they are answered, in the same order. */
async function shownAll(reader: Reader, asking: Asking, rows: readonly ConsentRow[], now: number) {
  const isReadable = await readableEvidence(reader, asking, rows.flatMap(evidenceOf))
  return rows.map((row) => {
    const { id, channel, purpose, state, source, givenOn, expiresOn, note } = row
    return {
      ...{ id, channel, purpose, state, source, on: givenOn, expires: expiresOn, note },
      isInForce: isInForce(row, dayOf(now)),
      evidence: evidenceOf(row).find(isReadable) ?? null,
    }
  })
}

function evidenceOf({ evidenceKind: kind, evidenceId: id }: ConsentRow): Evidence[] {
  return kind === null || id === null ? [] : [{ kind, id }]
}
