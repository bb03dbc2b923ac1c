import { escapeTextValue } from '../../text/content-lines.ts'

const custom = 'vnd.android.cursor.item/'

/** Android's numbers for relations, as Apple calls them. */
const relations = [
  undefined,
  ...'Assistant Brother Child Partner Father Friend Manager Mother Parent Partner'.split(' '),
  undefined,
  undefined,
  'Sister',
  'Spouse',
]

/**
 * What Android writes of nicknames, dates and relations in X-ANDROID-CUSTOM, as other programs write it.
 * @param parts  the components of the value: what it is, the value, Android's number for its type, the user's label
 * @param group  a group that is not in use, for a label
 * @returns lines of 3.0; undefined when it is something else
 */
export function readAndroidCustom(parts: readonly string[], group: string): string[] | undefined {
  const [what = '', value = '', type = '', label = ''] = parts
  const text = escapeTextValue(value)
  switch (what) {
    case `${custom}nickname`:
      return [`NICKNAME:${text}`]
    case `${custom}contact_event`:
      if (type === '1') return [`X-ANNIVERSARY:${text}`]
      if (type === '3') return [`BDAY:${text}`]
      return labelled('X-ABDATE', text, label, group)
    case `${custom}relation`:
      return labelled('X-ABRELATEDNAMES', text, appleLabel(Number(type)) ?? label, group)
    default:
      return undefined
  }
}

function labelled(name: string, value: string, label: string, group: string): string[] {
  if (label === '') return [`${name}:${value}`]
  return [`${group}.${name}:${value}`, `${group}.X-ABLabel:${escapeTextValue(label)}`]
}

function appleLabel(type: number): string | undefined {
  const word = relations[type]
  return word === undefined ? undefined : `_$!<${word}>!$_`
}
