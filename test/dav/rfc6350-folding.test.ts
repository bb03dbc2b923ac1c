import { describe, expect, it } from 'vitest'
import { deviceOf } from './devices.ts'
import { lines } from './objects.ts'
import { useServer } from './server.ts'

const note = `NOTE:${'žluťoučký kůň 🎉 '.repeat(40)}`
const photo = Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 7) % 256))

/** The same card as each version writes it, with long lines. */
const cards = {
  '3.0': lines([
    ...['BEGIN:VCARD', 'VERSION:3.0', 'UID:a', 'FN:A B', 'N:B;A;;;', note],
    `PHOTO;ENCODING=b;TYPE=JPEG:${photo.toString('base64')}`,
    'END:VCARD',
  ]),
  '4.0': lines([
    ...['BEGIN:VCARD', 'VERSION:4.0', 'UID:a', 'FN:A B', 'N:B;A;;;', note],
    `PHOTO:data:image/jpeg;base64,${photo.toString('base64')}`,
    'END:VCARD',
  ]),
}

const strict = new TextDecoder('utf-8', { fatal: true })

/** Each line of the octets, folds not undone; it throws where a line ends within a character. */
function rawLines(body: Uint8Array): string[] {
  const found: string[] = []
  let from = 0
  for (let at = body.indexOf(0x0a); at !== -1; at = body.indexOf(0x0a, from)) {
    found.push(strict.decode(body.subarray(from, at)).replace(/\r$/, ''))
    from = at + 1
  }
  return found
}

describe('RFC 6350 §3.2 folding of a converted card (ABK-10)', () => {
  const server = useServer()

  it.each([
    ['3.0', '4.0'],
    ['4.0', '3.0'],
  ] as const)('from %s to %s ends no line within a character or a base64 group', async (from, to) => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'other')
    const path = `${alice.contacts}a.vcf`
    expect((await phone.put(path, cards[from])).status).toBe(201)
    const answer = await phone.get(path, { Accept: `text/vcard;version=${to}` })
    expect(answer.text).toContain(`VERSION:${to}`)
    const raw = rawLines(Buffer.from(answer.body))
    expect(raw.length).toBeGreaterThan(20)
    // What a conversion does not change stays as it was sent, also where that was not folded.
    const written = raw.filter((line) => !line.startsWith('NOTE'))
    for (const line of written) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    const unfolded = answer.text.replace(/\r\n[ \t]/g, '')
    expect(unfolded).toContain(note)
    expect(unfolded).toContain(photo.toString('base64'))
  })
})
