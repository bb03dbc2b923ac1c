import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import {
  fingerprintOf,
  type ImageLimits,
  isReencoded,
  isTimeout,
  type ScaledOutcome,
  scaleImage,
} from '../../../src/features/photos/images.ts'
import { picture } from './pictures.ts'

const budget = { photoPixels: 50_000_000, photoSeconds: 20 }
const limits = { octets: 100_000, edge: 400 }

/** The same for images that are made in time. */
async function scaledInTime(
  bytes: Buffer,
  to: ImageLimits,
  spent: typeof budget,
): Promise<ScaledOutcome | undefined> {
  const outcome = await scaleImage(bytes, to, spent)
  if (outcome === 'late') throw new Error('It took too long.')
  return outcome
}

describe('an image', () => {
  it('is scaled into its limits, upright, without what was noted in it', async () => {
    const original = await picture(1, { width: 1_600, height: 900 })
      .withExif({ IFD0: { ImageDescription: 'at home' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const outcome = await scaledInTime(original, limits, budget)
    expect(outcome).toMatchObject({ width: 900, height: 1_600 })
    const { scaled } = outcome ?? {}
    expect(scaled).toMatchObject({ mediaType: 'image/jpeg', width: 225, height: 400 })
    const read = await sharp(scaled?.bytes).metadata()
    expect([read.width, read.height, read.orientation, read.exif, read.format]).toEqual([
      225,
      400,
      undefined,
      undefined,
      'jpeg',
    ])
  })

  it('gets smaller until it is small enough', async () => {
    const original = await picture(2, { width: 1_200, height: 1_200 }).png().toBuffer()
    for (const octets of [90_000, 40_000, 20_000]) {
      const outcome = await scaledInTime(original, { octets, edge: 1_024 }, budget)
      expect(outcome?.scaled?.bytes.length).toBeLessThanOrEqual(octets)
    }
    expect((await scaledInTime(original, { octets: 100, edge: 1_024 }, budget))?.scaled).toBeUndefined()
  })

  it('with transparent parts stays a PNG', async () => {
    const seen = { create: { width: 900, height: 900, channels: 4, background: '#f004' } } as const
    const outcome = await scaledInTime(await sharp(seen).png().toBuffer(), limits, budget)
    expect(outcome?.scaled).toMatchObject({ mediaType: 'image/png', width: 400 })
  })

  it.each(['webp', 'avif', 'gif'] as const)('of format %s becomes JPEG', async (format) => {
    const original = await picture(3, { width: 500, height: 300 }).toFormat(format).toBuffer()
    const { scaled } = (await scaledInTime(original, limits, budget)) ?? {}
    expect(scaled).toMatchObject({ mediaType: 'image/jpeg', width: 400, height: 240 })
  })

  it('that took too long is told from one that is broken', () => {
    expect(isTimeout(new Error('timeout: 13% complete\nVipsImage: killed for image "temp-92"'))).toBe(true)
    expect(isTimeout(new Error('Input buffer has corrupt header'))).toBe(false)
  })

  it('that moves is left as it is', async () => {
    const frames = await Promise.all(
      [4, 5].map((n) => picture(n, { width: 100, height: 100 }).png().toBuffer()),
    )
    const animated = await sharp(frames, { join: { animated: true } })
      .webp({ loop: 0 })
      .toBuffer()
    expect(await scaledInTime(animated, limits, budget)).toMatchObject({ scaled: undefined })
  })

  it('that is broken, a bomb, or no photo is not read', async () => {
    const whole = await picture(6, { width: 1_000, height: 1_000 }).jpeg().toBuffer()
    const bomb = { create: { width: 8_000, height: 8_000, channels: 3, background: '#000' } } as const
    const small = await sharp({ ...bomb, limitInputPixels: false })
      .png()
      .toBuffer()
    expect(small.length).toBeLessThan(1_000_000)
    const bad = [
      whole.subarray(0, 2_000),
      Buffer.concat([whole.subarray(0, 3), Buffer.alloc(5_000)]),
      small,
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      Buffer.alloc(0),
    ]
    const before = Date.now()
    for (const bytes of bad) {
      expect(await scaledInTime(bytes, limits, budget)).toBeUndefined()
      expect(await fingerprintOf(bytes, budget)).toBeUndefined()
    }
    expect(Date.now() - before).toBeLessThan(5_000)
  })

  it('one at a time, while the event loop goes on', async () => {
    const original = await picture(7, { width: 3_000, height: 2_000 }).jpeg().toBuffer()
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 2)
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => scaledInTime(original, limits, budget)),
    )
    clearInterval(timer)
    expect(outcomes.map((outcome) => outcome?.scaled?.width)).toEqual(Array.from({ length: 8 }, () => 400))
    expect(turns).toBeGreaterThan(8)
  })
})

describe('another encoding of an image', () => {
  const print = async (bytes: Buffer) => {
    const made = await fingerprintOf(bytes, budget)
    if (!made) throw new Error('no fingerprint')
    return made
  }

  it.each([1, 2, 3, 4, 5, 6])('is known: scaled, at another quality, as PNG (%i)', async (seed) => {
    const original = picture(seed, { width: 1_500, height: 1_000 })
    const one = await print(await original.clone().jpeg({ quality: 90 }).toBuffer())
    const others = [
      original.clone().resize(720, 480).jpeg({ quality: 60 }),
      original.clone().resize(96, 64).jpeg({ quality: 75 }),
      original.clone().resize(648).png(),
      original.clone().jpeg({ quality: 50 }),
    ]
    for (const other of others) expect(isReencoded(await print(await other.toBuffer()), one)).toBe(true)
  })

  it('is no other picture, no part of it, none that is larger or was worked on', async () => {
    const original = picture(1, { width: 900, height: 900 })
    const one = await print(await original.clone().jpeg().toBuffer())
    const others = [
      picture(2, { width: 900, height: 900 }),
      original.clone().extract({ left: 100, top: 100, width: 700, height: 700 }),
      original.clone().extract({ left: 0, top: 0, width: 900, height: 800 }),
      original.clone().resize(1_200),
      original.clone().flop(),
      original.clone().modulate({ brightness: 1.3 }),
      original.clone().greyscale(),
      sharp({ create: { width: 900, height: 900, channels: 3, background: '#888' } }),
    ]
    for (const other of others)
      expect(isReencoded(await print(await other.jpeg().toBuffer()), one)).toBe(false)
    const flat = (background: string) =>
      sharp({ create: { width: 90, height: 90, channels: 3, background } })
        .jpeg()
        .toBuffer()
    expect(isReencoded(await print(await flat('#fff')), await print(await flat('#ddd')))).toBe(false)
  })
})
