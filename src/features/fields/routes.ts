import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Reader } from '../../../storage/store.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { change, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { type Asking, mustFindParty } from '../people/asking.ts'
import { findParty, type SeenParty } from '../people/parties.ts'
import { type Reach, reachOf } from '../people/reach.ts'
import type { Field } from './field.ts'
import { defineField, dropField, editField, fieldsFor, findField } from './fields.ts'
import { setValues, valuesOf } from './party-fields.ts'
import { field, fieldChange, fieldList, newField, partyFields, partyFieldsChange } from './schema.ts'

const scope = 'people'

/** Fields of one's own, and what stands in them. */
export const fieldRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/fields', summary: 'The fields that people have, retired ones too', scope },
    { reply: fieldList },
    (call) =>
      call.store.read(async (reader) => {
        const fields = await fieldsFor(reader, await reachOf(reader, call.session))
        return { body: { fields: fields.map(shown) } }
      }),
  ),
  change(
    { method: 'POST', path: '/fields', summary: 'Define a field', scope, affects: 'facts' },
    { body: newField, reply: field, statuses: [201] },
    async (tx, call) => {
      const reach = await reachOf(tx, call.session)
      return shownWithTag(await defineField(tx, call.session, reach, call.body))
    },
  ),
  look({ method: 'GET', path: '/fields/:id', summary: 'One field', scope }, { reply: field }, (call) =>
    call.store.read(async (reader) => shownWithTag((await mustFind(reader, call)).found)),
  ),
  change(
    {
      method: 'PATCH',
      path: '/fields/:id',
      summary: 'Rename a field, change its answers, retire it or offer it again',
      scope,
      affects: 'facts',
    },
    { body: fieldChange, reply: field },
    async (tx, call) => {
      const { found, reach } = await mustFind(tx, call)
      checkMatch(call, etagOfVersion(found.row.version))
      return shownWithTag(await editField(tx, call.session, reach, found, call.body))
    },
  ),
  change(
    { method: 'DELETE', path: '/fields/:id', summary: 'Remove a field nobody uses', scope, affects: 'facts' },
    {},
    async (tx, call) => {
      const { found, reach } = await mustFind(tx, call)
      checkMatch(call, etagOfVersion(found.row.version))
      await dropField(tx, call.session, reach, found)
      return {}
    },
  ),
  look(
    { method: 'GET', path: '/parties/:id/fields', summary: 'What stands in the fields of somebody', scope },
    { reply: partyFields },
    (call) =>
      call.store.read(async (reader) => {
        const { asking, party } = await mustFindParty(reader, call)
        return shownValues(reader, asking, party)
      }),
  ),
  change(
    {
      method: 'PATCH',
      path: '/parties/:id/fields',
      summary: 'Set what stands in the fields of somebody',
      scope,
      affects: 'cards',
    },
    { body: partyFieldsChange, reply: partyFields },
    async (tx, call) => {
      const { asking, party } = await mustFindParty(tx, call)
      checkMatch(call, etagOfVersion(party.row.version))
      await setValues(tx, party, call.body, { ...asking, settings: call.settings, origin: originOf(call) })
      const after = await findParty(tx, asking.reach, party.row.id)
      return shownValues(tx, asking, after ?? party)
    },
  ),
]

async function mustFind(
  reader: Reader,
  call: Pick<RawCall, 'params' | 'session'>,
): Promise<{ found: Field; reach: Reach }> {
  const reach = await reachOf(reader, call.session)
  const found = await findField(reader, reach, idIn(call))
  if (!found) throw refuseStatus(404, 'There is no such field.')
  return { found, reach }
}

async function shownValues(reader: Reader, asking: Asking, party: SeenParty) {
  const values = await valuesOf(reader, asking, party)
  const { version } = party.row
  return { body: { values, version }, etag: etagOfVersion(version) }
}

function shownWithTag(one: Field) {
  return { body: shown(one), etag: etagOfVersion(one.row.version) }
}

function shown({ row, type, options, labels, list }: Field) {
  const { id, key, label, collectionId, position, retiredAt, version } = row
  return {
    ...{ id, key, label, type, options, position, version },
    formerLabels: labels.slice(1),
    book: collectionId,
    isRetired: retiredAt !== null,
    isOnCard: list !== undefined,
  }
}
