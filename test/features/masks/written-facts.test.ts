import { expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { putCard } from '../../dav/birthdays/birthdays.ts'
import { useServer } from '../../dav/server.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { partyAt } from '../people/merge-world.ts'

const server = useServer()

it('whoever does not see where somebody works writes nothing over it', async () => {
  const [owner, sharee] = [await server.account(), await server.account()]
  const path = await putCard(owner, 'jane', ['ORG:Hidden Ltd;Cellar', 'TITLE:Chief', 'TEL:1'])
  await sharedWith(owner, sharee)
  await masked(server, { hide: ['ORG'] }, sharee)
  const id = await partyAt(server, path)
  const made = await call(sharee, 'POST', `/parties/${id}/memberships`, {
    ...{ organisationName: 'Club', title: 'Treasurer', isPrimary: true },
  })
  expect(made.status, made.text).toBe(403)
  const { text } = await owner.get(path)
  expect(text).toContain('ORG:Hidden Ltd;Cellar')
  expect(text).toContain('TEL:1')
  expect((await call(sharee, 'GET', `/parties/${id}`)).text).not.toContain('Hidden')
})
