import { BlockList, isIP } from 'node:net'

/** Says whether the server may open a connection to an address. */
export type MayReach = (address: string) => boolean

/**
 * Public addresses only: users say where the server connects to, and what only it can reach is none of their business.
 * @param allowed  networks that may be reached all the same, separated by commas: `192.168.1.0/24, fd00::/8`
 * @throws RangeError naming the one that is no network
 */
export function reachable(allowed: string): MayReach {
  const exceptions = blockList(allowed.split(/[\s,]+/).filter((network) => network !== ''))
  return (address) => {
    const plain = withoutZone(address)
    const family = familyOf(plain)
    if (family === undefined) return false
    if (exceptions.check(plain, family)) return true
    if (family === 'ipv4') return !special.check(plain, family)
    return globalUnicast.check(plain, family) && !special.check(plain, family)
  }
}

/** Why this is no list of networks; undefined where it is one. */
export function networksProblem(allowed: string): string | undefined {
  try {
    reachable(allowed)
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}

/**
 * What is not public inside the space of public addresses.
 * @see RFC 6890 and the IANA registries of special-purpose addresses
 */
const special = blockList([
  // This network, private, shared (carrier-grade NAT), loopback, link-local (cloud metadata, too).
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  // Protocol assignments, documentation, 6to4 relays, private, benchmarks.
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  // Documentation, multicast, reserved and broadcast.
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // Protocol assignments with Teredo and benchmarks, documentation, 6to4: these carry IPv4 addresses or none.
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
])

/** Outside of it lie loopback, mapped IPv4, NAT64, unique local, link-local, site-local and multicast addresses. */
const globalUnicast = blockList(['2000::/3'])

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', digits, ...more] = network.split('/')
    const family = familyOf(address)
    const longest = family === 'ipv4' ? 32 : 128
    const length = digits === undefined ? longest : Number(digits)
    const isNetwork = more.length === 0 && digits !== '' && Number.isInteger(length) && length >= 0
    if (family === undefined || !isNetwork || length > longest) {
      throw new RangeError(`"${network}" is no network: write 192.168.1.0/24 or fd00::/8`)
    }
    list.addSubnet(address, length, family)
  }
  return list
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const family = isIP(address)
  return family === 4 ? 'ipv4' : family === 6 ? 'ipv6' : undefined
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, '')
}
