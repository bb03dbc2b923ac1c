import { describe, expect, it } from 'vitest'
import { placedAt } from '../../features/people/sessions.ts'
import { callApi, putCard } from '../birthdays/birthdays.ts'
import { card } from '../objects.ts'
import { useServer } from '../server.ts'
import { masked, sharedWith } from './masked.ts'

const server = useServer()
const leak = /5550199|Strictly/

/** A card that has changed twice, shared with somebody who does not see all of it. */
async function world() {
  const [owner, sharee] = [await server.account(), await server.account()]
  const path = await putCard(owner, 'jane', ['TEL;TYPE=home:5550199', 'NOTE:Strictly', 'TITLE:Boss'])
  await owner.put(
    path,
    card('jane', 'Jane Doe', ['TEL;TYPE=home:5550199-1', 'NOTE:Strictly so', 'TITLE:Boss']),
  )
  await owner.put(path, card('jane', 'Jane Doe', ['NOTE:Strictly so', 'TITLE:Chief']))
  const book = await sharedWith(owner, sharee)
  return { owner, sharee, path, book, placement: await placedAt(server, path) }
}

describe('the API under a mask', () => {
  it('shows no history of what is hidden, and no change of it', async () => {
    const { owner, sharee, placement } = await world()
    const { objectId, partyId } = placement
    const faces = async (): Promise<string> => {
      const list = await callApi(sharee, 'GET', `/objects/${objectId}/history`)
      const { items } = JSON.parse(list.text) as { items: readonly { revision: number }[] }
      const texts = [list.text, (await callApi(sharee, 'GET', `/parties/${partyId}/history`)).text]
      for (const { revision: id } of items) {
        texts.push((await callApi(sharee, 'GET', `/objects/${objectId}/history/${id}`)).text)
        texts.push((await callApi(sharee, 'GET', `/objects/${objectId}/history/${id}/octets`)).text)
      }
      return texts.join('\n')
    }
    expect(await faces()).toMatch(leak)
    await masked(server, { hide: ['TEL;TYPE=home', 'NOTE'] }, sharee)
    const seen = await faces()
    expect(seen).not.toMatch(leak)
    expect(seen).toContain('Chief')
    expect(seen).not.toContain('photo changed')
    expect((await callApi(owner, 'GET', `/objects/${objectId}/history`)).status).toBe(200)
  })

  it('restores what is seen of an older state, and leaves the rest as it is', async () => {
    const { owner, sharee, path, placement } = await world()
    await masked(server, { hide: ['TEL;TYPE=home', 'NOTE'] }, sharee)
    const list = await callApi(sharee, 'GET', `/objects/${placement.objectId}/history`)
    const { items } = JSON.parse(list.text) as { items: readonly { revision: number }[] }
    const first = items.at(-1)?.revision
    const restored = await callApi(sharee, 'POST', `/objects/${placement.objectId}/restore`, {
      revision: first,
    })
    expect(restored.status, restored.text).toBe(200)
    expect((await owner.get(path)).text).toBe(card('jane', 'Jane Doe', ['NOTE:Strictly so', 'TITLE:Boss']))
  })

  it('merges nobody for who does not see all, and makes no second card of who was merged', async () => {
    const { owner, sharee, path, book, placement } = await world()
    const other = await placedAt(server, await putCard(owner, 'joan', ['TITLE:Chief'], 'Joan Doe'))
    await masked(server, { hide: ['NOTE'] }, sharee)
    const wanted = { survivor: placement.partyId, loser: other.partyId }
    expect((await callApi(sharee, 'POST', '/merges', wanted)).status).toBe(403)
    expect((await callApi(owner, 'POST', '/merges', wanted)).status).toBe(201)
    const again = await sharee.put(`${book}joan.vcf`, card('joan', 'Joan Doe', ['TITLE:Chief']))
    expect([again.status, again.text.includes('no-uid-conflict')]).toEqual([403, true])
    expect((await owner.get(path)).text).toContain('Strictly')
  })
})
