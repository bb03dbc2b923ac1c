import { fold } from '../text/fold.ts'

/** What a label of a table means in a card. */
export interface LabelMeaning {
  readonly types: readonly string[]
  /** What is said in the user's own words. */
  readonly label: string | undefined
}

const words: Readonly<Record<string, string>> = {
  HOME: 'home privat private personal domicile personnel casa particular abitazione thuis prive домашний личный',
  WORK: 'work business geschaftlich dienstlich arbeit office bureau professionnel trabajo laboral lavoro ufficio werk zakelijk рабочий',
  CELL: 'mobile cell cellular handy mobil portable movil celular cellulare mobiel мобильный',
  FAX: 'fax telefax telecopie факс',
  PAGER: 'pager',
  PREF: '* main primary haupt principal principale',
}
const types: ReadonlyMap<string, string> = new Map(
  Object.entries(words).flatMap(([type, all]) => all.split(' ').map((word) => [word, type] as const)),
)
const silent = new Set([
  '',
  'other',
  'sonstige',
  'autre',
  'otro',
  'altro',
  'andere',
  'другой',
  'internet',
  'phone',
])

/** Reads `* Home`, `Work Fax`, `Geschäftlich`; what is none of these is a label of the user's. */
export function readLabel(text: string): LabelMeaning {
  const isPreferred = /^\*/.test(text.trim())
  const bare = text.trim().replace(/^\*\s*/, '')
  const parts = fold(bare.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    .split(/[\s/,_-]+/)
    .filter((word) => !silent.has(word))
  const found = parts.map((word) => types.get(word))
  const preferred = isPreferred ? ['PREF'] : []
  if (found.some((type) => type === undefined)) return { types: preferred, label: bare }
  const named = found.filter((type) => type !== undefined)
  return { types: [...new Set([...named, ...preferred])], label: undefined }
}
