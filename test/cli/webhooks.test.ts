import { describe, expect, it } from 'vitest'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley webhook list', () => {
  it('lists an account’s webhooks: id, state, what waits, since when nothing arrives, address', async () => {
    await farley.must(['user', 'add', 'hooked', '--password-stdin'], { input: 'a long enough one' })
    expect(await farley.must(['webhook', 'list', 'hooked'])).toEqual([])
    const serving = await farley.serve()
    const headers = {
      Authorization: `Basic ${Buffer.from('hooked:a long enough one').toString('base64')}`,
      'Content-Type': 'application/json',
    }
    const made = await fetch(`${serving.url}/api/webhooks`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ url: 'https://hooks.example.org/a', active: false }),
    })
    expect(made.status).toBe(201)
    expect(await farley.must(['webhook', 'list', 'hooked'])).toEqual([
      '1\toff\t0\t\thttps://hooks.example.org/a',
    ])
    expect(await serving.stop()).toBe(0)
  })
})
