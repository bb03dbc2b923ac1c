import { describe, expect, it } from 'vitest'
import { isOfSameServer, resolveHref } from '../../src/features/migration/remote/addresses.ts'
import { bestChallenge, signIn } from '../../src/outbound/credentials.ts'

const mufasa = { user: 'Mufasa', password: 'Circle of Life' }
const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v'
const asked = (algorithm: string): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`

const responseOf = (header: string, newNonce?: string): string | undefined => {
  const challenge = bestChallenge(header)
  const sign =
    challenge && signIn(challenge, mufasa, () => newNonce ?? 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ')
  return sign?.('GET', '/dir/index.html')
}

describe('RFC 7616 §3.9.1 signing in by Digest', () => {
  it('gives the responses of its examples', () => {
    expect(responseOf(asked('MD5'))).toContain('response="8ca523f5e9506fed4657c9700eebdbec"')
    expect(responseOf(asked('SHA-256'))).toContain(
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
    )
  })

  it('counts the uses of a nonce', () => {
    const challenge = bestChallenge(asked('MD5'))
    if (!challenge) throw new Error('no challenge')
    const sign = signIn(challenge, mufasa)
    expect(sign('GET', '/')).toContain('nc=00000001')
    expect(sign('GET', '/')).toContain('nc=00000002')
  })
})

describe('RFC 9110 §11.6.1 the challenges of a server', () => {
  it('are weighed: SHA-256 before MD5, Digest before Basic', () => {
    const both = `Basic realm="a, Digest b", ${asked('MD5')}, ${asked('SHA-256')}`
    expect(bestChallenge(both)).toMatchObject({ scheme: 'digest', algorithm: 'SHA-256' })
    expect(bestChallenge(`${asked('MD5')}, Basic realm="x"`)).toMatchObject({ algorithm: 'MD5' })
    expect(bestChallenge('Basic realm="x", charset="UTF-8"')).toEqual({ scheme: 'basic' })
    expect(bestChallenge('Negotiate, Basic')).toEqual({ scheme: 'basic' })
  })

  it('are none where nothing of them is known', () => {
    expect(bestChallenge('Bearer realm="x"')).toBeUndefined()
    expect(bestChallenge('Digest realm="x", nonce="n", algorithm=SHA-512-256')).toBeUndefined()
    expect(bestChallenge('Digest realm="x", nonce="n", qop="auth-int"')).toBeUndefined()
    expect(bestChallenge('')).toBeUndefined()
  })
})

describe('the addresses that a password is sent to', () => {
  const may = (from: string, to: string): boolean => isOfSameServer(new URL(from), new URL(to))

  it('are of the server that was named, or of its domain', () => {
    expect(may('https://dav.example.org/', 'https://dav.example.org:8443/x')).toBe(true)
    expect(may('https://example.org/', 'https://dav.example.org/')).toBe(true)
    expect(may('https://caldav.icloud.com/', 'https://p34-caldav.icloud.com/')).toBe(true)
    expect(may('http://dav.example.org/', 'https://dav.example.org/')).toBe(true)
  })

  it('are no others', () => {
    expect(may('https://dav.example.org/', 'http://dav.example.org/')).toBe(false)
    expect(may('https://dav.example.org/', 'https://example.net/')).toBe(false)
    expect(may('https://example.org/', 'https://badexample.org/')).toBe(false)
    expect(may('https://example.co.uk/', 'https://other.co.uk/')).toBe(false)
    expect(may('https://dav.example.org/', 'ftp://dav.example.org/')).toBe(false)
    expect(may('http://127.0.0.1/', 'http://1.0.0.1/')).toBe(false)
    expect(may('http://localhost/', 'http://other.localhost/')).toBe(false)
  })

  it('are resolved against where an answer came from, whatever scheme and port the server believes it has', () => {
    const base = new URL('https://dav.example.org/home/')
    const href = (text: string): string | undefined => resolveHref(text, base)?.href
    expect(href('/a/b c.ics')).toBe('https://dav.example.org/a/b%20c.ics')
    expect(href('http://dav.example.org:8080/a/')).toBe('https://dav.example.org/a/')
    expect(href('x.ics')).toBe('https://dav.example.org/home/x.ics')
    expect(href('https://elsewhere.net/a/')).toBeUndefined()
    expect(href('javascript:alert(1)')).toBeUndefined()
  })
})
