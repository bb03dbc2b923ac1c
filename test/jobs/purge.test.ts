import { describe, expect, it } from 'vitest'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { purge } from '../../src/jobs/purge.ts'
import { addToOutbox, listOutbox, settleOutbox } from '../../storage/events/outbox.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { useShares } from '../features/shares.ts'

const dayMs = 86_400_000

describe('the purge keeps everything as long as the settings say (law 4)', () => {
  const server = useServer({
    retention: {
      eventDays: 5,
      outboxDays: 8,
      revisionDays: 10,
      trashDays: 20,
      notificationDays: 30,
      tombstoneDays: 40,
    },
  })

  /** What is left of each kind. */
  async function left(): Promise<Record<string, number>> {
    const counts: Record<string, string> = {
      events: 'events',
      outbox: 'outbox',
      revisions: "revisions WHERE kind <> 'deleted'",
      trash: "revisions WHERE kind = 'deleted'",
      notices: 'notifications WHERE deleted_at IS NULL',
      tombstones: 'tombstones',
    }
    const found: Record<string, number> = {}
    for (const [name, from] of Object.entries(counts)) {
      const row = await server.services.store.read(({ sql }) =>
        sql.first<{ n: number }>(`SELECT COUNT(*) AS n FROM ${from}`),
      )
      found[name] = Number(row?.n)
    }
    return found
  }

  it('one kind after another goes, each at its own time', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = `${alice.contacts}a.vcf`
    for (let n = 0; n < 15; n += 1) await alice.put(path, card('a', `State ${n}`))
    const gone = `${alice.contacts}gone.vcf`
    await alice.put(gone, card('gone'))
    const { syncToken = '' } = await alice.sync(alice.contacts, '')
    await alice.delete(gone)
    await useShares(server).share(alice.contacts, bob, 'read')
    await server.services.store.write(async (tx) => {
      const { id: principalId } = await findAccount(tx, alice.name)
      const mail = { kind: 'mail', target: 'x', principalId, payload: '' }
      await addToOutbox(
        tx,
        ['sent', 'waiting'].map((key) => ({ ...mail, key })),
      )
      const [row] = await listOutbox(tx, mail, { limit: 1, before: 2 })
      const said = { lastError: null, answerStatus: null, answer: null }
      if (row) await settleOutbox(tx, row, { state: 'sent', ...said })
    })
    const before = await left()
    const begun = server.clock.now
    const lostAfter = async (days: number): Promise<string[]> => {
      server.clock.now = begun + days * dayMs + 1
      await purge.run(server.services, new AbortController().signal, '')
      const now = await left()
      return Object.keys(before).filter((kind) => (now[kind] ?? 0) < (before[kind] ?? 0))
    }
    expect(
      Object.values(before).every((count) => count > 0),
      JSON.stringify(before),
    ).toBe(true)
    expect(await lostAfter(4)).toEqual([])
    expect(await lostAfter(5)).toEqual(['events'])
    expect(await lostAfter(7)).toEqual(['events'])
    expect(await lostAfter(8)).toEqual(['events', 'outbox'])
    expect((await left()).outbox).toBe(1)
    expect(await lostAfter(10)).toEqual(['events', 'outbox', 'revisions'])
    expect(await lostAfter(19)).toEqual(['events', 'outbox', 'revisions'])
    expect(await lostAfter(20)).toEqual(['events', 'outbox', 'revisions', 'trash'])
    expect(await lostAfter(29)).toEqual(['events', 'outbox', 'revisions', 'trash'])
    expect(await lostAfter(30)).toEqual(['events', 'outbox', 'revisions', 'trash', 'notices'])
    expect((await alice.sync(alice.contacts, syncToken)).of(gone).status).toBe(404)
    expect(await lostAfter(39)).not.toContain('tombstones')
    expect(await lostAfter(40)).toContain('tombstones')
    expect((await alice.get(path)).text).toBe(card('a', 'State 14'))
  })
})
