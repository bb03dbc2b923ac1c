/** The records of a ZIP archive. @see APPNOTE.TXT 6.3.10 §4.3 */

/** What is known of a file when its octets are written. */
export interface ZipMember {
  /** In UTF-8; that of a folder ends with a slash. */
  readonly name: Buffer
  readonly modifiedAt: number
  readonly isDeflated: boolean
  /** Its length and checksum follow its octets: they are not known before. */
  readonly isStreamed: boolean
  /** It is, or may become, longer than 32 bits can say. */
  readonly isLarge: boolean
  readonly crc: number
  readonly compressedBytes: number
  readonly bytes: number
}

const most = 0xff_ff_ff_ff
const utf8Names = 0x0800
const lengthsFollow = 0x0008

/** @see §4.3.7 */
export function localHeader(member: ZipMember): Buffer {
  const { name, isStreamed, isLarge, crc, compressedBytes, bytes } = member
  const extra = Buffer.concat([timeField(member), ...(isLarge ? [largeField([bytes, compressedBytes])] : [])])
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  writeCommon(head, 4, member)
  const known = isStreamed ? 0 : undefined
  head.writeUInt32LE(known ?? crc, 14)
  head.writeUInt32LE(isLarge ? most : (known ?? compressedBytes), 18)
  head.writeUInt32LE(isLarge ? most : (known ?? bytes), 22)
  head.writeUInt16LE(name.length, 26)
  head.writeUInt16LE(extra.length, 28)
  return Buffer.concat([head, name, extra])
}

/** What follows the octets of a file whose length was not known before them. @see §4.3.9 */
export function dataDescriptor({ crc, compressedBytes, bytes, isLarge }: ZipMember): Buffer {
  const descriptor = Buffer.alloc(isLarge ? 24 : 16)
  descriptor.writeUInt32LE(0x08074b50, 0)
  descriptor.writeUInt32LE(crc, 4)
  if (isLarge) {
    descriptor.writeBigUInt64LE(BigInt(compressedBytes), 8)
    descriptor.writeBigUInt64LE(BigInt(bytes), 16)
  } else {
    descriptor.writeUInt32LE(compressedBytes, 8)
    descriptor.writeUInt32LE(bytes, 12)
  }
  return descriptor
}

/** @param at  where its local header is @see §4.3.12 */
export function centralHeader(member: ZipMember, at: number): Buffer {
  const { name, crc, compressedBytes, bytes } = member
  const isLarge = member.isLarge || at >= most
  const extra = Buffer.concat([
    timeField(member),
    ...(isLarge ? [largeField([bytes, compressedBytes, at])] : []),
  ])
  const head = Buffer.alloc(46)
  head.writeUInt32LE(0x02014b50, 0)
  head.writeUInt16LE((3 << 8) | versionOf(isLarge), 4)
  writeCommon(head, 6, { ...member, isLarge })
  head.writeUInt32LE(crc, 16)
  head.writeUInt32LE(isLarge ? most : compressedBytes, 20)
  head.writeUInt32LE(isLarge ? most : bytes, 24)
  head.writeUInt16LE(name.length, 28)
  head.writeUInt16LE(extra.length, 30)
  const isFolder = name.at(-1) === 0x2f
  head.writeUInt32LE(isFolder ? 0o040700 * 65_536 + 0x10 : 0o100600 * 65_536, 38)
  head.writeUInt32LE(isLarge ? most : at, 42)
  return Buffer.concat([head, name, extra])
}

/** What closes an archive. @see §4.3.14–4.3.16 */
export function endRecords(directory: {
  readonly at: number
  readonly bytes: number
  readonly count: number
}) {
  const { at, bytes, count } = directory
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, 0xffff), 8)
  end.writeUInt16LE(Math.min(count, 0xffff), 10)
  end.writeUInt32LE(Math.min(bytes, most), 12)
  end.writeUInt32LE(Math.min(at, most), 16)
  if (count < 0xffff && bytes < most && at < most) return end
  const large = Buffer.alloc(76)
  large.writeUInt32LE(0x06064b50, 0)
  large.writeBigUInt64LE(44n, 4)
  large.writeUInt16LE((3 << 8) | 45, 12)
  large.writeUInt16LE(45, 14)
  large.writeBigUInt64LE(BigInt(count), 24)
  large.writeBigUInt64LE(BigInt(count), 32)
  large.writeBigUInt64LE(BigInt(bytes), 40)
  large.writeBigUInt64LE(BigInt(at), 48)
  large.writeUInt32LE(0x07064b50, 56)
  large.writeBigUInt64LE(BigInt(at + bytes), 64)
  large.writeUInt32LE(1, 72)
  return Buffer.concat([large, end])
}

const versionOf = (isLarge: boolean): number => (isLarge ? 45 : 20)

/** Version, flags, method and time, which both headers have in the same order. */
function writeCommon(head: Buffer, at: number, { isLarge, isStreamed, isDeflated, modifiedAt }: ZipMember) {
  const time = new Date(Math.max(modifiedAt, Date.UTC(1980, 0, 1)))
  const date = ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate()
  const clock = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1)
  head.writeUInt16LE(versionOf(isLarge), at)
  head.writeUInt16LE(utf8Names | (isStreamed ? lengthsFollow : 0), at + 2)
  head.writeUInt16LE(isDeflated ? 8 : 0, at + 4)
  head.writeUInt16LE(clock, at + 6)
  head.writeUInt16LE(date & 0xffff, at + 8)
}

/** The time in UTC, where the headers have what a clock on the wall showed. @see Info-ZIP's extra field 0x5455 */
function timeField({ modifiedAt }: ZipMember): Buffer {
  const field = Buffer.alloc(9)
  field.writeUInt16LE(0x5455, 0)
  field.writeUInt16LE(5, 2)
  field.writeUInt8(1, 4)
  field.writeInt32LE(Math.min(Math.max(Math.floor(modifiedAt / 1_000), 0), 0x7f_ff_ff_ff), 5)
  return field
}

/** @see §4.5.3 */
function largeField(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + values.length * 8)
  field.writeUInt16LE(0x0001, 0)
  field.writeUInt16LE(values.length * 8, 2)
  for (const [nth, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + nth * 8)
  return field
}
