import { inflateRawSync } from 'node:zlib'

const entryMark = Buffer.from('PK\x01\x02', 'latin1')

/** All that is in a ZIP file, one text, but for the entries that are left out. @see APPNOTE 4.3.12 */
export function unzipped(zip: Buffer, leftOut: ReadonlySet<string> = new Set()): string {
  const texts: string[] = []
  for (let at = zip.indexOf(entryMark); at >= 0; at = zip.indexOf(entryMark, at + 46)) {
    const [method, size, nameSize] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
    ]
    const local = zip.readUInt32LE(at + 42)
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const octets = zip.subarray(begin, begin + size)
    const name = zip.toString('utf8', at + 46, at + 46 + nameSize)
    if (leftOut.has(name)) continue
    texts.push(`${name}\n${(method === 8 ? inflateRawSync(octets) : octets).toString('utf8')}`)
  }
  return texts.join('\n')
}
