import type { NodeRow } from '../../../storage/nodes/nodes.ts'
import { escaped, type Language, page } from '../public/paper.ts'
import { type PageTexts, pageTexts } from './public-texts.ts'

/** A folder as strangers see it. */
export interface FolderPage {
  /** From the one that is open to this one. */
  readonly names: readonly string[]
  readonly items: readonly Pick<NodeRow, 'kind' | 'name' | 'size' | 'modifiedAt'>[]
  readonly isCut: boolean
  readonly expiresAt: number | null
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
