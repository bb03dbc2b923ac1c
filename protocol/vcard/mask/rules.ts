import { fold } from '../../text/fold.ts'
import { type CardLine, wordsOf } from '../convert/line.ts'
import type { Instance } from '../merge/instances.ts'
import { labelKey } from '../merge/values.ts'

/** Which lines of a card are meant. */
export interface MaskRule {
  /** In upper case; `X-*` means all whose names begin so. */
  readonly property: string
  /** Words of TYPE of which one is enough, `cell+home` being both at once; undefined: whatever the type. */
  readonly types?: readonly string[] | undefined
  /** What the user calls it, folded; undefined: whatever the label. */
  readonly label?: string | undefined
}

/** What somebody does not see of cards. */
export interface Mask {
  readonly hide: readonly MaskRule[]
  /** Where it is given, nothing but this is seen, and the name. */
  readonly only?: readonly MaskRule[] | undefined
}

/** The same as it is written: `TEL;TYPE=home|cell+home`, `X-ABDATE;LABEL=anniversary`, `NOTE`, `X-*`. */
export interface WrittenMask {
  readonly hide: readonly string[]
  readonly only?: readonly string[] | undefined
}

/** Without these a card is none, or nobody's. */
const always: ReadonlySet<string> = new Set(
  'VERSION UID FN N KIND PRODID REV MEMBER X-ADDRESSBOOKSERVER-KIND X-ADDRESSBOOKSERVER-MEMBER X-ABSHOWAS'.split(
    ' ',
  ),
)

/** What may hold anything, and is not looked into: who does not see all of a card sees none of it. */
const opaque: ReadonlySet<string> = new Set(['AGENT', 'JSPROP', 'XML', 'X-UNREADABLE'])

/** Properties by which programs say the same: who does not see the one does not see the others. */
const alike: readonly (readonly string[])[] = [
  'BDAY X-BDAY X-ALTBDAY'.split(' '),
  'ANNIVERSARY X-ANNIVERSARY X-EVOLUTION-ANNIVERSARY X-KADDRESSBOOK-X-ANNIVERSARY X-MS-ANNIVERSARY'.split(
    ' ',
  ),
  'RELATED X-ABRELATEDNAMES X-EVOLUTION-SPOUSE X-SPOUSE X-MANAGER X-ASSISTANT X-EVOLUTION-MANAGER X-EVOLUTION-ASSISTANT'.split(
    ' ',
  ),
  'ADR LABEL X-ABADR GEO'.split(' '),
  'IMPP X-AIM X-ICQ X-JABBER X-MSN X-YAHOO X-SKYPE X-GROUPWISE X-GADUGADU X-SIP'.split(' '),
  'SOCIALPROFILE X-SOCIALPROFILE'.split(' '),
]

/**
 * Reads a rule.
 * @returns undefined for what is none, or would hide what no card can be without
 */
export function readMaskRule(text: string): MaskRule | undefined {
  const [name = '', ...conditions] = text.split(';').map((part) => part.trim())
  const property = name.toUpperCase()
  if (!/^(?:[A-Z0-9-]+|X-[A-Z0-9-]*\*)$/.test(property) || always.has(property)) return undefined
  let rule: MaskRule = { property }
  for (const condition of conditions) {
    const [, key = '', value = ''] = /^(TYPE|LABEL)=(.+)$/i.exec(condition) ?? []
    if (key === '') return undefined
    rule =
      key.toUpperCase() === 'LABEL'
        ? { ...rule, label: fold(value.trim()) }
        : { ...rule, types: value.toLowerCase().split('|') }
  }
  return rule
}

/** Reads a mask; the first rule that is none is named. */
export function readMask({ hide, only }: WrittenMask): Mask | { readonly wrong: string } {
  const rules = new Map<string, MaskRule>()
  for (const text of [...hide, ...(only ?? [])]) {
    const rule = readMaskRule(text)
    if (!rule) return { wrong: text }
    rules.set(text, rule)
  }
  const read = (texts: readonly string[]): MaskRule[] => texts.flatMap((text) => rules.get(text) ?? [])
  return { hide: read(hide), ...(only && { only: read(only) }) }
}

/** Whether a property of a card is not seen; what any of several masks hides is hidden. */
export function isHidden(instance: Instance, masks: readonly Mask[]): boolean {
  const { name } = instance
  if (masks.length === 0 || always.has(name)) return false
  if (opaque.has(name)) return true
  return masks.some(
    ({ hide, only }) =>
      hide.some((rule) => isMeant(instance, rule)) || (only && !only.some((rule) => isMeant(instance, rule))),
  )
}

/** Whether some of a property may not be seen, whatever its type and its label. */
export function mayHide(property: string, masks: readonly Mask[]): boolean {
  const names = (rule: MaskRule): boolean => isNamed(property, rule.property)
  const isWhole = ({ types, label }: MaskRule): boolean => types === undefined && label === undefined
  return masks.some(
    ({ hide, only }) => hide.some(names) || (only && !only.some((rule) => names(rule) && isWhole(rule))),
  )
}

function isMeant({ name, main, label }: Instance, { property, types, label: wanted }: MaskRule): boolean {
  if (!isNamed(name, property)) return false
  if (wanted !== undefined && fold(labelKey(label)) !== wanted) return false
  if (types === undefined) return true
  const words = wordsOn(main, label)
  return types.some((type) => type.split('+').every((word) => words.has(plainWord(word.trim()))))
}

function isNamed(name: string, property: string): boolean {
  if (property.endsWith('*')) return name.startsWith(property.slice(0, -1))
  return name === property || alike.some((names) => names.includes(name) && names.includes(property))
}

/** What it is for, as its TYPE says and its label, which are one to whoever looks at it. */
function wordsOn(main: CardLine, label: string | undefined): ReadonlySet<string> {
  const labelled = labelKey(label)
    .replace(/^(home|work)(fax)$/, '$1 $2')
    .split(/\s+/)
  return new Set([...wordsOf(main, 'TYPE'), ...labelled].map(plainWord))
}

function plainWord(word: string): string {
  return word === 'mobile' || word === 'iphone' ? 'cell' : word
}
