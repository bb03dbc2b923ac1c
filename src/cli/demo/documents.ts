import type { Face } from './face.ts'
import type { Person } from './people.ts'

const offer = (name: string, number: number): string =>
  [
    'Larkfield Joinery – Offer',
    '',
    `For: ${name}`,
    `Number: ${2600 + number}`,
    '',
    'Staircase in oak, 14 treads, open risers          4,860.00',
    'Handrail with turned newel posts, two               940.00',
    'Fitting, two days                                 1,120.00',
    '                                                  --------',
    'Sum, without value added tax                      6,920.00',
    '',
    'We keep to this offer for six weeks.',
  ].join('\n')

const priceList = [
  'Wood,Thickness mm,Price per m2',
  'Oak,27,118.00',
  'Oak,40,176.00',
  'Ash,27,96.00',
  'Larch,27,64.50',
  'Beech,27,71.00',
].join('\n')

/** Folders of the firm, documents of people, and one that was rewritten. */
export async function writeDocuments(
  face: Face,
  ids: ReadonlyMap<string, number>,
  people: readonly Person[],
): Promise<void> {
  const homes = await face.json('GET', '/file-homes')
  const home = homes.items.find(({ isMine }) => isMine)?.id ?? 0
  const folder = async (name: string): Promise<number> =>
    (await face.json('POST', `/file-homes/${home}/folders`, { name })).id
  const [offers, prices, drawings] = [
    await folder('Offers'),
    await folder('Price lists'),
    await folder('Drawings'),
  ]
  await face.octets(`/files/${prices}/children?name=Timber%202026.csv`, priceList)
  await face.octets(
    `/files/${prices}/children?name=Timber%202026.csv&onClash=replace`,
    `${priceList}\nWalnut,27,214.00`,
  )
  await face.octets(`/files/${drawings}/children?name=Staircase.png`, await drawing())
  for (const [number, person] of people.filter((_, at) => at % 11 === 0).entries()) {
    const name = `${person.given} ${person.family}`
    const file = encodeURIComponent(`Offer ${2600 + number} ${person.family}.txt`)
    const { id } = await face.octets(`/files/${offers}/children?name=${file}`, offer(name, number))
    const party = ids.get(name)
    if (party !== undefined) await face.json('POST', `/parties/${party}/links`, { kind: 'file', id })
  }
}

/** A staircase from the side. */
async function drawing(): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const [width, height, tread] = [840, 600, 48]
  const light = { r: 246, g: 243, b: 236 }
  const wood = { r: 164, g: 116, b: 68 }
  const box = (w: number, h: number) =>
    ({ create: { width: w, height: h, channels: 3, background: wood } }) as const
  const steps = Array.from({ length: 12 }, (_, at) => ({
    input: box(tread + 14, 10),
    left: 90 + at * tread,
    top: height - 70 - at * 38,
  }))
  const rail = Array.from({ length: 12 }, (_, at) => ({
    input: box(6, 96),
    left: 112 + at * tread,
    top: height - 166 - at * 38,
  }))
  return sharp({ create: { width, height, channels: 3, background: light } })
    .composite([...steps, ...rail.filter(({ top }) => top > 0)])
    .png()
    .toBuffer()
}
