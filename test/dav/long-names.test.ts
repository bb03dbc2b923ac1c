import { describe, expect, it } from 'vitest'
import { card } from './objects.ts'
import { useServer } from './server.ts'

const long = 'n'.repeat(2000)

describe('RFC 9110 §15.5.15 names that are too long', () => {
  const server = useServer()

  it('are refused for new members, whole collections and destinations, and simply not there for others', async () => {
    const user = await server.account()
    expect((await user.put(`${user.contacts}${long}.vcf`, card('u1'))).status).toBe(414)
    expect((await user.request('MKCALENDAR', `${user.calendars}${long}/`)).status).toBe(414)
    await user.put(`${user.contacts}a.vcf`, card('u2'))
    const Destination = `${user.contacts}${long}.vcf`
    expect((await user.request('MOVE', `${user.contacts}a.vcf`, { headers: { Destination } })).status).toBe(
      414,
    )
    expect((await user.get(`${user.contacts}${long}.vcf`)).status).toBe(404)
    expect((await user.get(`${user.contacts}a.vcf`)).status).toBe(200)
  })

  it('as names of dead properties are refused, and nothing is stored', async () => {
    const user = await server.account()
    const body = `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x:${long} xmlns:x="urn:x">1</x:${long}></d:prop></d:set></d:propertyupdate>`
    const answer = await user.request('PROPPATCH', user.contacts, { body })
    expect(answer.text).toContain('507')
  })

  it('as UIDs are kept, unique, and found again when the object is replaced', async () => {
    const user = await server.account()
    const uid = `uid-${'x'.repeat(3000)}`
    expect((await user.put(`${user.contacts}long.vcf`, card(uid))).status).toBe(201)
    expect((await user.put(`${user.contacts}long.vcf`, card(uid, 'Other Name'))).status).toBe(204)
    expect((await user.put(`${user.contacts}second.vcf`, card(uid))).status).toBe(403)
    expect((await user.put(`${user.contacts}long.vcf`, card(`${uid}y`))).status).toBe(403)
  })
})
