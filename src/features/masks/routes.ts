import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfContent } from '../../api/conditions.ts'
import { type ChangeCall, change, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { mustMay } from '../team/team-roles.ts'
import { dropMask, giveMask, type ShownMask, showMasks, takeMask, writeMask } from './edit-masks.ts'
import { mask, maskList, newMaskHolder, writtenMask } from './schema.ts'

const scope = 'admin'
const affects = 'other'

/** What accounts and groups do not see of cards in books of others. */
export const maskRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/masks', summary: 'The masks, and who holds them', scope },
    { reply: maskList },
    (call) =>
      call.store.read(async (reader) => {
        await mustMay(reader, call.session, 'administer')
        return { body: { masks: await showMasks(reader) } }
      }),
  ),
  look(
    { method: 'GET', path: '/masks/:name', summary: 'One mask, and who holds it', scope },
    { reply: mask },
    (call) => call.store.read(async (reader) => shown(await mustFind(reader, call))),
  ),
  change(
    { method: 'PUT', path: '/masks/:name', summary: 'Make a mask, or change it', scope, affects },
    { body: writtenMask, reply: mask },
    async (tx, call) => {
      const found = await find(tx, call)
      checkMatch(call, found && etagOfContent(found))
      await writeMask(tx, nameIn(call), call.body, originOf(call))
      return shown(await mustFind(tx, call))
    },
  ),
  change(
    { method: 'DELETE', path: '/masks/:name', summary: 'Remove a mask', scope, affects },
    {},
    async (tx, call) => {
      checkMatch(call, etagOfContent(await mustFind(tx, call)))
      await dropMask(tx, nameIn(call), originOf(call))
      return {}
    },
  ),
  change(
    { method: 'POST', path: '/masks/:name/holders', summary: 'Give a mask', scope, affects },
    { body: newMaskHolder, reply: mask },
    (tx, call) => edit(tx, call, () => giveMask(tx, nameIn(call), call.body.name, originOf(call))),
  ),
  change(
    { method: 'DELETE', path: '/masks/:name/holders/:holder', summary: 'Take a mask', scope, affects },
    { reply: mask },
    (tx, call) => edit(tx, call, () => takeMask(tx, nameIn(call), call.params.holder ?? '', originOf(call))),
  ),
]

async function edit(tx: Writer, call: ChangeCall<unknown>, act: () => Promise<void>) {
  checkMatch(call, etagOfContent(await mustFind(tx, call)))
  await act()
  return shown(await mustFind(tx, call))
}

type Named = Pick<RawCall, 'params' | 'session'>

const nameIn = ({ params }: Pick<RawCall, 'params'>): string => params.name ?? ''

async function find(reader: Reader, call: Named): Promise<ShownMask | undefined> {
  await mustMay(reader, call.session, 'administer')
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
