import { escapeTextValue, unescapeText, withoutControls } from '../../text/content-lines.ts'
import { fold } from '../../text/fold.ts'
import type { ListName } from './details.ts'

/** What the user calls a value. */
export interface Label {
  readonly text: string
  readonly isBuiltIn: boolean
}

/** One of Apple's own words for a label, which each program shows in its language. */
export interface BuiltInLabel {
  /** As it stands between the marks. */
  readonly label: string
  /** What it says, in English. */
  readonly plain: string
  /** What it is used for. */
  readonly lists: readonly ListName[]
}

const anywhere: readonly ListName[] = [
  'phones',
  'mails',
  'addresses',
  'urls',
  'messengers',
  'dates',
  'related',
]

/** Relatives come in the order of the table of conversions. @see ABK-07 */
export const builtInLabels: readonly BuiltInLabel[] = [
  ...builtIn(['phones', 'mails', 'addresses', 'urls', 'messengers'], ['Home', 'Work', 'School']),
  ...builtIn(['phones'], ['Mobile', 'Main', 'Pager']),
  { label: 'HomeFAX', plain: 'home fax', lists: ['phones'] },
  { label: 'WorkFAX', plain: 'work fax', lists: ['phones'] },
  { label: 'HomePage', plain: 'home page', lists: ['urls'] },
  ...builtIn(['dates'], ['Anniversary']),
  ...builtIn(
    ['related'],
    'Mother Father Parent Brother Sister Child Friend Spouse Partner Assistant Manager Son Daughter'.split(
      ' ',
    ),
  ),
  ...builtIn(anywhere, ['Other']),
]

/** @param written  the value of X-ABLabel */
export function readLabel(written: string | undefined): Label {
  const text = unescapeText(written ?? '')
    .replace(/\s+/g, ' ')
    .trim()
  const word = /^_\$!<(.*)>!\$_$/s.exec(text)?.[1]
  return { text: word ?? text, isBuiltIn: word !== undefined }
}

/** The value of X-ABLabel; empty for none. */
export function writeLabel({ text, isBuiltIn }: Label): string {
  const plain = withoutControls(text).replace(/\s+/g, ' ').trim()
  return isBuiltIn && plain !== '' ? `_$!<${escapeTextValue(plain)}>!$_` : escapeTextValue(plain)
}

/** A label as somebody gives it: one of Apple's words where it is spelt as one. */
export function labelFor(text: string, isBuiltIn: boolean | undefined): Label {
  return { text, isBuiltIn: isBuiltIn ?? builtInLabels.some(({ label }) => label === text) }
}

/** Whether two labels say the same, in whatever case. */
export function isSameLabel(one: string, other: string): boolean {
  return fold(one.trim()) === fold(other.trim())
}

function builtIn(lists: readonly ListName[], words: readonly string[]): BuiltInLabel[] {
  return words.map((label) => ({ label, plain: label.toLowerCase(), lists }))
}
