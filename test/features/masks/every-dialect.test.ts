import { describe, expect, it } from 'vitest'
import { newLine } from '../../../protocol/vcard/convert/line.ts'
import type { DeviceKind } from '../../../src/features/devices/kinds.ts'
import { deviceOf } from '../../dav/devices.ts'
import { useServer } from '../../dav/server.ts'
import { sentBy, zoo } from '../../protocol/vcard/merge/zoo.ts'
import { runsOf } from '../../store.ts'
import { makeWorld, type Secret, secrets } from './world.ts'

const server = useServer({ limits: { apiRequestsPerMinute: 100_000 } })

/** Edits as people make them on a device that is shown only some of a card. */
const edits = ['nothing', 'a number', 'the name', 'all but the name'] as const

describe('whoever is shown only some of a card deletes nothing of the rest', () => {
  const all = zoo.flatMap((dialect) =>
    Object.entries(secrets).map(([name, secret]) => ({ dialect, name, secret })),
  )
  // Each dialect and each secret come up in any third of them.
  const cases = all.filter((_, at) => at % Math.round(all.length / runsOf(all.length)) === 0)

  it.each(cases)('$dialect.kind, without $name', async ({ dialect, secret }) => {
    const world = await makeWorld(server, secret)
    const [value] = secret.values
    await world.write(value)
    const { owner, viewer, path, book } = world
    const device = await deviceOf(server, viewer, dialect.kind as DeviceKind)
    const mine = `${book}jane.vcf`
    for (const edit of edits) {
      const before = hiddenIn((await owner.get(path)).text, secret)
      expect(before.length).toBeGreaterThan(0)
      const served = await device.get(mine)
      expect(served.status).toBe(200)
      const sent = sentBy(dialect, served.text, (lines) => {
        if (edit === 'a number') return [...lines, newLine('TEL', '+49 30 77')]
        if (edit === 'all but the name')
          return lines.filter(({ name }) => /^(?:FN|N|UID|VERSION)$/.test(name))
        if (edit === 'nothing') return lines
        return lines.map((line) => (line.name === 'FN' ? { ...line, value: 'Jane Roe' } : line))
      })
      const put = await device.put(mine, sent, { 'If-Match': served.headers.etag ?? '' })
      expect([edit, put.status, put.text]).toEqual([edit, 204, ''])
      expect(hiddenIn((await owner.get(path)).text, secret), edit).toEqual(before)
    }
  })
})

/** What of a card the mask hides, whatever its lines are called in other versions: the values that were written. */
function hiddenIn(text: string, secret: Secret): string[] {
  const [value] = secret.values
  const unfolded = text.replace(/\r\n[ \t]/g, '')
  return unfolded.split('\r\n').filter((line) => line.includes(value) || line.includes(value.toLowerCase()))
}
