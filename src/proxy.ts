import type Koa from 'koa'
import type { Settings } from '../config/defaults.ts'
import type { Logger } from './log.ts'

/** Where a request came from, as far as it can be believed. */
export interface RequestOrigin {
  /** The client's address, for the throttle. */
  readonly address: string
  /** Whether passwords may travel: on this machine, or by TLS up to a declared proxy. */
  readonly isPrivate: boolean
  /** Whether the client itself speaks TLS. */
  readonly isSecure: boolean
  /** `scheme://host` as the client sees the server, without a final slash. */
  readonly baseUrl: string
}

/**
 * Reads the origin of requests. X-Forwarded-* is believed from declared proxies only; what another one forwards may
 * have crossed any network in the clear, and is not private.
 */
export function createOriginReader(settings: Settings, log: Logger): (request: Koa.Request) => RequestOrigin {
  const trusted = new Set(settings.proxy.trusted.split(/[\s,]+/).filter((address) => address !== ''))
  let warned = false
  return (request) => {
    const peer = plainAddress(request.req.socket.remoteAddress ?? '')
    const host = hostOf(request.get('Host')) ?? 'localhost'
    const isForwarded = forwardingHeaders.some((name) => request.get(name) !== '')
    if (!isForwarded || !trusted.has(peer)) {
      if (isForwarded && !warned) {
        warned = true
        log.warn(
          { peer },
          'a proxy that is not declared in proxy.trusted forwards requests: they are refused',
        )
      }
      return {
        address: peer,
        isPrivate: isLoopback(peer) && !isForwarded,
        isSecure: false,
        baseUrl: `http://${host}`,
      }
    }
    const forwarded = readForwarded(request)
    const isPrivate = forwarded.scheme === 'https'
    return {
      address: forwarded.address ?? peer,
      isPrivate,
      isSecure: isPrivate,
      baseUrl: `${forwarded.scheme}://${forwarded.host ?? host}`,
    }
  }
}

const forwardingHeaders = ['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host']

/** A host with its port, as a redirect may name it; undefined for anything else. */
function hostOf(host: string | undefined): string | undefined {
  return host !== undefined && /^[\w.:[\]-]+$/.test(host) ? host : undefined
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^127\./.test(address)
}

/** IPv4 addresses arrive mapped into IPv6 on a dual socket. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '')
}

interface Forwarded {
  readonly address: string | undefined
  readonly scheme: 'http' | 'https'
  readonly host: string | undefined
}

/**
 * The nearest proxy's own words: it appends, so the last element is the one it saw itself. `Forwarded` is not read:
 * most proxies pass on what a client wrote there.
 */
function readForwarded(request: Koa.Request): Forwarded {
  const last = (name: string): string | undefined => request.get(name).split(',').at(-1)?.trim() || undefined
  const address = last('X-Forwarded-For')
  return {
    address: address && plainAddress(address),
    scheme: last('X-Forwarded-Proto')?.toLowerCase() === 'https' ? 'https' : 'http',
    host: hostOf(last('X-Forwarded-Host')),
  }
}
