import { z } from 'zod'
import type { Settings } from '../../../../config/defaults.ts'
import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { hurryJob } from '../../../../storage/upkeep/jobs.ts'
import {
  dropSetting,
  findStoredSetting,
  listSettingChanges,
  listStoredSettings,
  noteSettingChange,
  type SettingChange,
  type StoredSetting,
  storeSetting,
} from '../../../../storage/upkeep/settings.ts'
import { checkMatch, etagOfContent } from '../../../api/conditions.ts'
import { page, readCursor } from '../../../api/cursor.ts'
import type { ChangeCall, RawCall, Route } from '../../../api/route.ts'
import { paging } from '../../../api/schema.ts'
import {
  environmentName,
  flatSettings,
  knownSettings,
  maskedSettings,
  placeOfSetting,
  readSetting,
  type SettingPlace,
  settingOf,
} from '../../../config.ts'
import { adminChange, adminLook } from '../../team/administering.ts'
import { changeable, whyFixed } from './changeable.ts'
import { newSetting, setting, settingList, settingLog } from './schema.ts'
import { applyStored, faultOf, isSaid, startOf, valueIn } from './stored.ts'

const places: Readonly<Record<SettingPlace, string>> = {
  default: 'by default',
  file: 'in the settings file',
  environment: 'in the environment',
  command: 'on the command line',
}

/** The settings, and those of them that are changed while the server runs. */
export const settingRoutes: readonly Route[] = [
  adminLook(
    { path: '/settings', summary: 'The settings as they are, and where each is said' },
    { reply: settingList },
    async (reader, { settings }) => {
      const stored = new Map((await listStoredSettings(reader)).map((row) => [row.key, row]))
      const keys = flatSettings(settings).map(([key]) => key)
      return { body: { settings: keys.map((key) => shown(settings, key, stored.get(key))) } }
    },
  ),
  adminLook(
    { path: '/settings/log', summary: 'Who has changed which setting, the last first' },
    { query: z.object(paging), reply: settingLog },
    async (reader, { query: { limit, cursor } }) => {
      const before = readCursor(cursor, z.tuple([z.int()]))?.[0]
      const rows = await listSettingChanges(reader, { before, limit: limit + 1 })
      return { body: page(rows, limit, { keyOf: ({ id }) => [id], shown: shownChange }) }
    },
  ),
  adminLook({ path: '/settings/:key', summary: 'One setting' }, { reply: setting }, async (reader, call) =>
    oneOf(reader, call),
  ),
  adminChange(
    { method: 'PUT', path: '/settings/:key', summary: 'Change a setting while the server runs' },
    { body: newSetting, reply: setting },
    async (tx, call) => {
      const key = mustChange(call)
      const fault = faultOf(key, call.body.value)
      const read = readSetting(key, call.body.value)
      if (fault !== undefined || read.kind === 'wrong')
        throw refuseStatus(422, `The setting ${key} cannot be that: ${fault}.`)
      return changed(tx, call, key, read.value)
    },
  ),
  adminChange(
    {
      method: 'DELETE',
      path: '/settings/:key',
      summary: 'Put a setting back to what the server starts with',
    },
    { reply: setting },
    (tx, call) => changed(tx, call, mustKnow(call), undefined),
  ),
]

/** Writes it down with who changed it, and tells all processes. @param value  undefined for what the server starts with */
async function changed(
  tx: Writer,
  call: ChangeCall<unknown>,
  key: string,
  value: string | number | boolean | undefined,
) {
  const row = await findStoredSetting(tx, key)
  checkMatch(call, tagged(shown(call.settings, key, row)).etag)
  const after = value === undefined ? null : JSON.stringify(value)
  if (after === (row?.value ?? null)) return tagged(shown(call.settings, key, row))
  const { id: authorId, name: author } = call.session.principal
  if (after === null) await dropSetting(tx, key)
  else await storeSetting(tx, { key, value: after, authorId })
  const { requestId, settings } = call
  const change = { key, before: row?.value ?? null, after, author, authorId, requestId }
  await noteSettingChange(tx, change, settings.retention.settingChanges)
  const job = changeable.get(key)?.job
  if (job !== undefined) await hurryJob(tx, job)
  const rows = await listStoredSettings(tx)
  tx.wakes.add('settings')
  tx.afterCommit(() => applyStored(settings, rows))
  return tagged(shown(settings, key, await findStoredSetting(tx, key)))
}

type Asked = Pick<RawCall, 'params' | 'settings'>

async function oneOf(reader: Reader, call: Asked) {
  const key = mustKnow(call)
  return tagged(shown(call.settings, key, await findStoredSetting(reader, key)))
}

/** @throws refusal 404 */
function mustKnow({ params: { key = '' } }: Asked): string {
  if (!knownSettings.has(key)) throw refuseStatus(404, 'There is no such setting.')
  return key
}

/** @throws refusal 404; 409 for what is not changed here */
function mustChange(call: Asked): string {
  const key = mustKnow(call)
  if (!changeable.has(key))
    throw refuseStatus(409, `The setting ${key} is for the settings file, or ${environmentName(key)}, alone.`)
  if (isSaid(call.settings, key)) {
    const place = places[placeOfSetting(call.settings, key)]
    throw refuseStatus(409, `The setting ${key} is said ${place}, which counts more: change it there.`)
  }
  return key
}

function tagged(body: ReturnType<typeof shown>) {
  return { body, etag: etagOfContent(body) }
}

/** As it counts by what is stored: this process may not have heard of it yet. */
function shown(settings: Settings, key: string, row: StoredSetting | undefined) {
  const rule = changeable.get(key)
  const place = placeOfSetting(settings, key)
  const isFixed = !rule || place !== 'default'
  const stored = isFixed || !row ? undefined : valueIn(row)
  const start = rule ? startOf(settings).get(key) : settingOf(maskedSettings(settings), key)
  const { kind = 'text', least = null, most = null, choices = null } = rule ?? {}
  return {
    ...{ key, value: plain(stored ?? start), default: plain(knownSettings.get(key)) },
    ...{ from: stored === undefined ? place : ('page' as const), variable: environmentName(key) },
    change: isFixed ? null : { kind, least, most, choices },
    fixed: !isFixed ? null : rule ? ('said' as const) : whyFixed(key),
    changedAt: stored === undefined || !row ? null : new Date(row.changedAt).toISOString(),
    by: stored === undefined ? null : (row?.author ?? null),
  }
}

function shownChange({ id, key, before, after, at, author }: SettingChange) {
  const read = (json: string | null) => (json === null ? null : plain(JSON.parse(json)))
  return {
    ...{ id, key, by: author, at: new Date(at).toISOString() },
    ...{ before: read(before), after: read(after) },
  }
}

function plain(value: unknown): string | number | boolean {
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value ?? '')
}
