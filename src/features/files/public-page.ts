import { createHash } from 'node:crypto'
import type { NodeRow } from '../../../storage/nodes/nodes.ts'
import { type PageTexts, pageTexts } from './public-texts.ts'

/** A folder as strangers see it. */
export interface FolderPage {
  /** From the one that is open to this one. */
  readonly names: readonly string[]
  readonly items: readonly Pick<NodeRow, 'kind' | 'name' | 'size' | 'modifiedAt'>[]
  readonly isCut: boolean
  readonly expiresAt: number | null
}

type Language = keyof typeof pageTexts

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;background:Canvas;color:CanvasText}
main{max-width:46rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
p{margin:0 0 1rem}
nav ol,ul{list-style:none;margin:0 0 1rem;padding:0}
nav li{display:inline}
nav li+li::before{content:"/";padding-inline:.4rem}
ul{border-block-start:1px solid color-mix(in srgb,CanvasText 20%,Canvas)}
li{overflow-wrap:anywhere}
ul li{display:flex;flex-wrap:wrap;gap:0 1rem;border-block-end:1px solid color-mix(in srgb,CanvasText 20%,Canvas)}
ul a{flex:1 1 9rem;padding-block:.6rem}
ul span{padding-block:.6rem;font-variant-numeric:tabular-nums}
a:focus-visible{outline:3px solid Highlight;outline-offset:2px}`

/** Nothing runs in these pages, and nothing is fetched for them. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
].join('; ')

/** The first of the languages that somebody reads in which there is a page. @see RFC 9110 §12.5.4 */
export function pageLanguage(accepted = ''): Language {
  const asked = accepted
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().toLowerCase().split(';')
      const weight = /q=([\d.]+)/.exec(rest.join(';'))?.[1]
      return { tag: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
  const known = Object.keys(pageTexts) as Language[]
  return asked.flatMap(({ tag }) => known.find((one) => one === tag) ?? [])[0] ?? 'en'
}

/** What lies in a folder; the addresses in it begin at that of the page, which ends in a slash. */
export function folderPage({ names, items, isCut, expiresAt }: FolderPage, language: Language): string {
  const texts: PageTexts = pageTexts[language]
  const title = names.at(-1) ?? ''
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const sorted = [
    ...items.filter(({ kind }) => kind === 'folder'),
    ...items.filter(({ kind }) => kind !== 'folder'),
  ]
  const rows = sorted.map((item) => rowOf(item, { texts, days, language }))
  const until = expiresAt === null ? '' : ` ${escaped(texts.until.replace('{date}', days.format(expiresAt)))}`
  const count = new Intl.NumberFormat(language).format(items.length)
  return page(language, title, [
    names.length > 1 ? crumbs(names, texts) : '',
    `<p>${escaped(texts.what)}${until}</p>`,
    rows.length === 0 ? `<p>${escaped(texts.empty)}</p>` : `<ul>${rows.join('')}</ul>`,
    isCut ? `<p>${escaped(texts.cut.replace('{count}', count))}</p>` : '',
  ])
}

/** The same whatever is wrong: nobody learns what there was. */
export function lostPage(language: Language): string {
  const { lost, gone }: PageTexts = pageTexts[language]
  return page(language, lost, [`<p>${escaped(gone)}</p>`])
}

function page(language: Language, title: string, parts: readonly string[]): string {
  const head = [
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${style}</style>`,
  ].join('')
  const body = `<main><h1>${escaped(title)}</h1>${parts.join('')}</main>`
  return `<!doctype html><html lang="${language}"><head>${head}</head><body>${body}</body></html>`
}

function crumbs(names: readonly string[], { path }: PageTexts): string {
  const links = names.slice(0, -1).map((name, index) => {
    const up = '../'.repeat(names.length - 1 - index)
    return `<li><a href="${up}">${escaped(name)}</a></li>`
  })
  return `<nav aria-label="${escaped(path)}"><ol>${links.join('')}</ol></nav>`
}

interface Telling {
  readonly texts: PageTexts
  readonly days: Intl.DateTimeFormat
  readonly language: Language
}

function rowOf(
  { kind, name, size, modifiedAt }: FolderPage['items'][number],
  { texts, days, language }: Telling,
): string {
  const isFolder = kind === 'folder'
  // A name with a colon at its beginning would be a scheme.
  const href = `./${encodeURIComponent(name)}${isFolder ? '/' : ''}`
  const told = isFolder ? texts.folder : `${sizeText(size, language)} · ${days.format(modifiedAt)}`
  return `<li><a href="${escaped(href)}"${isFolder ? '' : ' download'}>${escaped(name)}</a><span>${escaped(told)}</span></li>`
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

function sizeText(bytes: number, language: Language): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  const form = {
    style: 'unit',
    unit: units[step] ?? 'byte',
    maximumFractionDigits: step === 0 ? 0 : 1,
  } as const
  return new Intl.NumberFormat(language, form).format(bytes / 1000 ** step)
}

const special: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => special[character] ?? '')
}
