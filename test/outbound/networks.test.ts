import { describe, expect, it } from 'vitest'
import { reachable } from '../../src/outbound/networks.ts'

/** Addresses by what they are; all but the last group are refused. */
const refused: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '::1%lo'],
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1'],
  'link-local, with the metadata of clouds': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fec0::1'],
  'shared by carriers': ['100.64.0.1', '100.127.255.255'],
  multicast: ['224.0.0.1', '239.255.255.250', 'ff02::1'],
  'reserved and broadcast': ['240.0.0.1', '255.255.255.255'],
  'IPv4 mapped into IPv6': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1'],
  'IPv4 by NAT64, 6to4 and Teredo': [
    '64:ff9b::7f00:1',
    '64:ff9b:1::a00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
  ],
  documentation: ['192.0.2.1', '198.51.100.7', '203.0.113.9', '2001:db8::1', '3fff::1'],
  'benchmarks and protocol assignments': ['198.18.0.1', '198.19.255.255', '192.0.0.8', '2001:2::1'],
  'no address at all': ['', 'localhost', '1.2.3', '0x7f.1', '2130706433', '1.2.3.4.5'],
}

const taken = [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.0.1',
  '172.32.0.1',
  '100.63.0.1',
  '2606:4700::1111',
  '2a00:1450::1',
]

describe('which addresses are reached', () => {
  it.each(Object.entries(refused))('not those that are %s', (_what, addresses) => {
    const mayReach = reachable('')
    expect(addresses.filter(mayReach)).toEqual([])
  })

  it('public ones', () => {
    expect(taken.filter(reachable(''))).toEqual(taken)
  })

  it('and those of the networks that are allowed by name, no others', () => {
    const mayReach = reachable('192.168.7.0/24, fd00:7::/32 127.0.0.1')
    expect(['192.168.7.9', 'fd00:7::9', '127.0.0.1', '8.8.8.8'].filter(mayReach)).toHaveLength(4)
    expect(['192.168.8.9', 'fd00:8::9', '127.0.0.2', '::1'].filter(mayReach)).toEqual([])
  })

  it('a network that is none is said by name', () => {
    for (const network of ['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', 'intranet', '1.2.3.4/-1']) {
      expect(() => reachable(`10.0.0.0/8, ${network}`)).toThrow(`"${network}" is no network`)
    }
  })
})
