import { describe, expect, it } from 'vitest'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { type Answered, useDistorted } from './distorted.ts'
import { hrefsIn, move, summaryOf } from './moves.ts'

const server = useServer({ migration: { retryMs: 1, maxRetryMs: 20, tries: 4 } })
const odd = useDistorted(
  () => server.url,
  () => 'correct horse',
)

const filled = async (count: number): Promise<Account> => {
  const there = await server.account()
  for (let n = 0; n < count; n += 1) await there.put(`${there.contacts}c${n}.vcf`, card(`c${n}`))
  await there.put(`${there.calendar}e.ics`, event('e'))
  return there
}

const moved = async (there: Account, here: Account, options: Parameters<typeof move>[3] = {}) =>
  move(server, there, here, { url: odd.url, ...options })

function rewrite(answer: Answered, change: (text: string) => string): void {
  if (answer.status === 207) answer.body = Buffer.from(change(answer.body.toString()))
}

const text = (status: number, headers: Record<string, string> = {}): Answered => ({
  status,
  headers,
  body: Buffer.from('no'),
})

describe('a server without sync-collection', () => {
  it('is listed by PROPFIND, and asked again only where its ctag moves', async () => {
    const [there, here] = [await filled(5), await server.account()]
    odd.distortion = {
      before: ({ body }) => (body.includes('sync-collection') ? text(403) : undefined),
      after: (answer) => rewrite(answer, (xml) => xml.replaceAll('sync-collection', 'nothing-of-it')),
    }
    const { batch } = await moved(there, here)
    expect(await summaryOf(server, batch)).toMatchObject({ found: 6, identical: 6 })
    const before = odd.seen.length
    await moved(there, here)
    expect(odd.seen.slice(before).filter((line) => line === `PROPFIND ${there.contacts}`)).toEqual([])
    await there.put(`${there.contacts}c1.vcf`, card('c1', 'New Name'))
    await there.delete(`${there.contacts}c2.vcf`)
    expect((await moved(there, here)).items.toSorted()).toEqual(['removed c2.vcf', 'updated c1.vcf'])
  })

  it('without ctag, too, is listed each time, and only what changed is read', async () => {
    const [there, here] = [await filled(3), await server.account()]
    odd.distortion = {
      after: (answer) => rewrite(answer, (xml) => xml.replaceAll(/sync-collection|getctag|sync-token/g, 'x')),
    }
    await moved(there, here)
    const before = odd.seen.length
    await there.put(`${there.contacts}c1.vcf`, card('c1', 'New Name'))
    expect((await moved(there, here)).items).toEqual(['updated c1.vcf'])
    expect(odd.seen.slice(before).filter((line) => /^GET .*\.vcf$/.test(line))).toHaveLength(1)
  })

  it('that forgot its token is listed anew (RFC 6578 §3.2)', async () => {
    const [there, here] = [await filled(3), await server.account()]
    await moved(there, here)
    await there.put(`${there.contacts}c1.vcf`, card('c1', 'New Name'))
    await there.delete(`${there.contacts}c2.vcf`)
    odd.distortion = { before: ({ body }) => (/sync-token>[^<]/.test(body) ? text(403) : undefined) }
    expect((await moved(there, here)).items.toSorted()).toEqual(['removed c2.vcf', 'updated c1.vcf'])
  })
})

describe('a server that is gone after it has listed', () => {
  it('stops the collection, which tells why, and goes on later where it was', async () => {
    const [there, here] = [await filled(60), await server.account()]
    let reads = 0
    odd.distortion = {
      before: ({ method }) => {
        if (method === 'GET') reads += 1
        return method === 'GET' && reads > 10 ? 'broken' : undefined
      },
    }
    const { events } = await moved(there, here)
    const problems = events.flatMap((told) => (told.kind === 'problem' ? told.reason : []))
    expect(problems[0]).toMatch(/cannot be reached/)
    // Each of one batch at most was tried again, and none of the rest.
    expect(reads).toBeLessThan(10 + 2 * 24 * 4)
    odd.distortion = {}
    const { batch } = await moved(there, here)
    expect(await summaryOf(server, batch)).toMatchObject({ found: 61, identical: 61 })
  })
})

describe('a server that cuts its answers', () => {
  it('is asked for the rest until there is none (RFC 6578 §3.6)', async () => {
    const [there, here] = [await filled(25), await server.account()]
    odd.distortion = {
      before: (passing) => {
        const limit = '<d:limit><d:nresults>4</d:nresults></d:limit>'
        passing.body = passing.body.replace('</d:sync-level>', `</d:sync-level>${limit}`)
        return undefined
      },
    }
    const { batch } = await moved(there, here)
    expect(await summaryOf(server, batch)).toMatchObject({ found: 26, identical: 26 })
  })
})

describe('a server that writes otherwise', () => {
  it('gives whole addresses, other escapes and weak ETags', async () => {
    const [there, here] = [await filled(2), await server.account()]
    await there.put(`${there.contacts}a%40b%20%C3%A4.vcf`, card('odd'))
    const weak = { version: 1 }
    odd.distortion = {
      after: (answer) =>
        rewrite(answer, (xml) =>
          xml
            .replaceAll(/<d:href>(\/[^<]*)/g, (_, path: string) => {
              const other = path.replace('%40', '@').replaceAll('%C3%A4', '%c3%a4').replace('c1', '%631')
              return `<d:href>https://127.0.0.1:443${other}`
            })
            .replaceAll(/<d:getetag>"/g, weak.version === 1 ? '<d:getetag>W/"' : '<d:getetag>"'),
        ),
    }
    const { batch } = await moved(there, here)
    expect(await summaryOf(server, batch)).toMatchObject({ found: 4, identical: 4 })
    expect(await hrefsIn(here, here.contacts)).toEqual(
      ['a%40b%20%C3%A4.vcf', 'c0.vcf', 'c1.vcf'].map((name) => here.contacts + name),
    )
    weak.version = 2
    await there.put(`${there.contacts}new.vcf`, card('new'))
    expect((await moved(there, here)).items).toEqual(['copied new.vcf'])
  })

  it('rewrites what it gives: every difference is told', async () => {
    const [there, here] = [await filled(1), await server.account()]
    odd.distortion = {
      after: (answer, { method }) => {
        if (method === 'REPORT') rewrite(answer, (xml) => xml.replace('FN:Jane Doe', 'FN:Jane Roe'))
      },
    }
    const { odd: told, batch } = await moved(there, here)
    expect(told).toMatchObject([
      {
        kind: 'compared',
        verdict: 'differing',
        differences: [{ path: 'VCARD/FN', one: 'FN:Jane Roe', other: 'FN:Jane Doe' }],
      },
    ])
    expect(await summaryOf(server, batch)).toMatchObject({ found: 2, identical: 1, differing: 1 })
  })

  it('gives objects by REPORT only, with line ends as XML leaves them', async () => {
    const [there, here] = [await filled(2), await server.account()]
    odd.distortion = {
      before: ({ method }) => (method === 'GET' ? text(405) : undefined),
      after: (answer) => rewrite(answer, (xml) => xml.replaceAll('&#13;', '')),
    }
    const { batch } = await moved(there, here)
    expect(await summaryOf(server, batch)).toMatchObject({ found: 3, identical: 3 })
    expect((await here.get(`${here.contacts}c1.vcf`)).text).toBe(card('c1'))
  })
})

describe('a server that is busy or breaks', () => {
  it('is asked again after 503, 429 and a connection that breaks, as it says (RFC 9110 §10.2.3)', async () => {
    const [there, here] = [await filled(6), await server.account()]
    let count = 0
    odd.distortion = {
      before: () => {
        count += 1
        if (count < 6) return undefined
        if (count % 5 === 0) return text(503, { 'Retry-After': '0' })
        if (count % 7 === 0) return text(429)
        return count % 11 === 0 ? 'broken' : undefined
      },
    }
    const { batch, odd: told } = await moved(there, here)
    expect(told).toEqual([])
    expect(await summaryOf(server, batch)).toMatchObject({ found: 7, identical: 7 })
  })

  it('that cannot give an object is asked for it the next time, and keeps no other', async () => {
    const [there, here] = [await filled(4), await server.account()]
    odd.distortion = { before: ({ path }) => (path.endsWith('c2.vcf') ? text(500) : undefined) }
    const first = await moved(there, here)
    expect(first.items).toContain('failed c2.vcf')
    expect(await hrefsIn(here, here.contacts)).toHaveLength(3)
    odd.distortion = {}
    expect((await moved(there, here)).items).toEqual(['copied c2.vcf'])
  })

  it('that cannot list one collection is asked for the others', async () => {
    const [there, here] = [await filled(2), await server.account()]
    odd.distortion = { before: ({ path }) => (path === there.contacts ? text(500) : undefined) }
    const { odd: told, items } = await moved(there, here)
    expect(told.map(({ kind }) => kind)).toContain('problem')
    expect(items).toEqual(['copied e.ics'])
  })

  it('that sends too much is refused that object, for good', async () => {
    const [there, here] = [await filled(2), await server.account()]
    odd.distortion = {
      after: (answer, { path }) => {
        if (path.endsWith('c1.vcf')) answer.body = Buffer.alloc(server.settings.limits.bodyBytes + 1, 65)
      },
    }
    expect((await moved(there, here)).items).toContain('refused c1.vcf')
    odd.distortion = {}
    expect((await moved(there, here)).items).toEqual([])
  })
})

describe('a server that cannot read what it holds', () => {
  it('is asked for one object after another, and at last by GET, so that each is compared', async () => {
    const [there, here] = [await filled(4), await server.account()]
    odd.distortion = {
      before: ({ body }) => (body.includes('multiget') && body.includes('c2.vcf') ? text(500) : undefined),
    }
    const { batch, odd: told } = await moved(there, here)
    expect(told).toEqual([])
    expect(await summaryOf(server, batch)).toMatchObject({ found: 5, identical: 5 })
  })
})

describe('what is not valid by our rules', () => {
  it('is taken as an import takes it, or refused with the reason and its octets', async () => {
    const [there, here] = [await filled(4), await server.account()]
    const bodies: Readonly<Record<string, string>> = {
      'c0.vcf':
        'BEGIN:VCARD\r\nVERSION:2.1\r\nN:Doe;Jos=E9;;\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Doe;Jos=E9\r\nEND:VCARD\r\n',
      'c1.vcf': 'this is no card',
      'e.ics': event('e').replace('VERSION:2.0', 'METHOD:PUBLISH\r\nVERSION:2.0\r\nX-WR-CALNAME:Mine'),
    }
    odd.distortion = {
      after: (answer, { method, path }) => {
        const body = bodies[path.split('/').at(-1) ?? '']
        if (method === 'GET' && body !== undefined) answer.body = Buffer.from(body)
      },
    }
    const { events } = await moved(there, here)
    const told = new Map(
      events.flatMap((one) => (one.kind === 'item' ? [[one.href.split('/').at(-1) ?? '', one]] : [])),
    )
    expect(told.get('c0.vcf')).toMatchObject({ what: 'copied', note: 'converted from vCard 2.1, uid added' })
    expect((await here.get(`${here.contacts}c0.vcf`)).text).toContain('José')
    const refused = told.get('c1.vcf')
    expect(refused).toMatchObject({ what: 'refused', note: expect.stringMatching(/./) })
    expect(refused?.body?.toString()).toBe('this is no card')
    expect(told.get('e.ics')).toMatchObject({ what: 'copied', note: 'method removed' })
    const plain = bodies['e.ics']?.replace('METHOD:PUBLISH\r\n', '')
    expect((await here.get(`${here.calendar}e.ics`)).text).toBe(plain)
  })

  it('has two objects of one UID: the second is told as a conflict', async () => {
    const [there, here] = [await filled(2), await server.account()]
    odd.distortion = {
      after: (answer, { method, path }) => {
        if (method === 'GET' && path.endsWith('c1.vcf')) answer.body = Buffer.from(card('c0', 'Other One'))
      },
    }
    expect((await moved(there, here)).items).toContain('conflict c1.vcf')
    expect(await hrefsIn(here, here.contacts)).toHaveLength(1)
  })
})

describe('signing in', () => {
  for (const [algorithm, qop] of [
    ['MD5', false],
    ['MD5', true],
    ['SHA-256', true],
  ] as const) {
    it(`goes by Digest with ${algorithm}${qop ? ' and qop' : ''} where a server has it (RFC 7616)`, async () => {
      const [there, here] = [await filled(2), await server.account()]
      const basic: string[] = []
      odd.distortion = {
        digest: { algorithm, qop },
        before: ({ request }) => {
          if (request.headers.authorization?.startsWith('Basic')) basic.push(request.url ?? '')
          return undefined
        },
      }
      const { batch } = await moved(there, here)
      expect(await summaryOf(server, batch)).toMatchObject({ found: 3, identical: 3 })
      expect(basic).toEqual([])
      await expect(moved(there, here, { password: 'wrong' })).rejects.toThrow(/refuses/)
    })
  }

  it('is for the server that was named and its domain only', async () => {
    const [there, here] = [await filled(1), await server.account()]
    const away = { Location: 'http://elsewhere.invalid/' }
    odd.distortion = { before: ({ path }) => (path.startsWith('/dav') ? text(302, away) : undefined) }
    await expect(moved(there, here)).rejects.toThrow(/redirects to http:\/\/elsewhere\.invalid/)
  })
})
