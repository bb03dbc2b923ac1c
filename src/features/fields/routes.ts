import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Reader } from '../../../storage/store.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { change, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { type Asking, mustFindParty } from '../people/asking.ts'
import { findParty, type SeenParty } from '../people/parties.ts'
import { type Reach, reachOf } from '../people/reach.ts'
import type { Field } from './field.ts'
import {
  defineField,
  dropField,
  editableFields,
  editField,
  fieldsFor,
  findField,
  peopleByField,
} from './fields.ts'
import { setValues, valuesOf } from './party-fields.ts'
import {
  field,
  fieldChange,
  fieldCounts,
  fieldList,
  newField,
  partyFields,
  partyFieldsChange,
} from './schema.ts'

const scope = 'people'

/** Fields of one's own, and what stands in them; the tag of that is of the values, for a phone changes them on the card. */
export const fieldRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/fields', summary: 'The fields that people have, retired ones too', scope },
    { reply: fieldList },
    (call) =>
      call.store.read(async (reader) => {
        const reach = await reachOf(reader, call.session)
        const fields = await fieldsFor(reader, reach)
        const editable = await editableFields(reader, call.session, reach, fields)
        return { body: { fields: fields.map((one) => shown(one, editable)) } }
      }),
  ),
  look(
    { method: 'GET', path: '/fields/counts', summary: 'How many people have a value of each field', scope },
    { reply: fieldCounts },
    (call) =>
      call.store.read(async (reader) => {
        const counts = await peopleByField(reader, await reachOf(reader, call.session))
        return { body: { counts: [...counts].map(([id, people]) => ({ id, people })) } }
      }),
  ),
  change(
    { method: 'POST', path: '/fields', summary: 'Define a field', scope, affects: 'facts' },
    { body: newField, reply: field, statuses: [201] },
    async (tx, call) => {
      const reach = await reachOf(tx, call.session)
      const found = await defineField(tx, call.session, reach, call.body, originOf(call))
      return shownWithTag(tx, call, { found, reach })
    },
  ),
  look({ method: 'GET', path: '/fields/:id', summary: 'One field', scope }, { reply: field }, (call) =>
    call.store.read(async (reader) => shownWithTag(reader, call, await mustFind(reader, call))),
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
      const edited = await editField(tx, call.session, reach, found, call.body, originOf(call))
      return shownWithTag(tx, call, { found: edited, reach })
    },
  ),
  change(
    { method: 'DELETE', path: '/fields/:id', summary: 'Remove a field nobody uses', scope, affects: 'facts' },
    {},
    async (tx, call) => {
      const { found, reach } = await mustFind(tx, call)
      checkMatch(call, etagOfVersion(found.row.version))
      await dropField(tx, call.session, reach, found, originOf(call))
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
  return { body: { values, version: party.row.version } }
}

async function shownWithTag(
  reader: Reader,
  { session }: Pick<RawCall, 'session'>,
  { found, reach }: { readonly found: Field; readonly reach: Reach },
) {
  const editable = await editableFields(reader, session, reach, [found])
  return { body: shown(found, editable), etag: etagOfVersion(found.row.version) }
}

function shown({ row, type, options, labels, list }: Field, editable: ReadonlySet<number>) {
  const { id, key, label, collectionId, position, retiredAt, version } = row
  return {
    ...{ id, key, label, type, options, position, version },
    formerLabels: labels.slice(1),
    book: collectionId,
    isRetired: retiredAt !== null,
    isOnCard: list !== undefined,
    rights: { edit: editable.has(id) },
  }
}
