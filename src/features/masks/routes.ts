import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfContent } from '../../api/conditions.ts'
import { type ChangeCall, originOf, type RawCall, type Route } from '../../api/route.ts'
import { listRemoved } from '../history/things/removed.ts'
import { adminChange, adminLook } from '../team/administering.ts'
import { dropMask, giveMask, type ShownMask, showMasks, takeMask, writeMask } from './edit-masks.ts'
import { mask, maskList, newMaskHolder, writtenMask } from './schema.ts'

/** What accounts and groups do not see of cards in books of others. */
export const maskRoutes: readonly Route[] = [
  adminLook(
    { path: '/masks', summary: 'The masks, and who holds them' },
    { reply: maskList },
    async (reader) => {
      const masks = await showMasks(reader)
      const taken = new Set(masks.map(({ name }) => name))
      return { body: { masks, removed: await listRemoved(reader, 'mask', taken) } }
    },
  ),
  adminLook(
    { path: '/masks/:name', summary: 'One mask, and who holds it' },
    { reply: mask },
    async (reader, call) => shown(await mustFind(reader, call)),
  ),
  adminChange(
    { method: 'PUT', path: '/masks/:name', summary: 'Make a mask, or change it' },
    { body: writtenMask, reply: mask },
    async (tx, call) => {
      const found = await find(tx, call)
      checkMatch(call, found && etagOfContent(found))
      await writeMask(tx, nameIn(call), call.body, originOf(call))
      return shown(await mustFind(tx, call))
    },
  ),
  adminChange({ method: 'DELETE', path: '/masks/:name', summary: 'Remove a mask' }, {}, async (tx, call) => {
    checkMatch(call, etagOfContent(await mustFind(tx, call)))
    await dropMask(tx, nameIn(call), originOf(call))
    return {}
  }),
  adminChange(
    { method: 'POST', path: '/masks/:name/holders', summary: 'Give a mask' },
    { body: newMaskHolder, reply: mask },
    (tx, call) => edit(tx, call, () => giveMask(tx, nameIn(call), call.body.name, originOf(call))),
  ),
  adminChange(
    { method: 'DELETE', path: '/masks/:name/holders/:holder', summary: 'Take a mask' },
    { reply: mask },
    (tx, call) => edit(tx, call, () => takeMask(tx, nameIn(call), call.params.holder ?? '', originOf(call))),
  ),
]

async function edit(tx: Writer, call: ChangeCall<unknown>, act: () => Promise<void>) {
  checkMatch(call, etagOfContent(await mustFind(tx, call)))
  await act()
  return shown(await mustFind(tx, call))
}

type Named = Pick<RawCall, 'params'>

const nameIn = ({ params }: Pick<RawCall, 'params'>): string => params.name ?? ''

async function find(reader: Reader, call: Named): Promise<ShownMask | undefined> {
  return (await showMasks(reader)).find(({ name }) => name === nameIn(call))
}

async function mustFind(reader: Reader, call: Named): Promise<ShownMask> {
  const found = await find(reader, call)
  if (!found) throw refuseStatus(404, 'There is no such mask.')
  return found
}

function shown(found: ShownMask) {
  return { body: found, etag: etagOfContent(found) }
}
