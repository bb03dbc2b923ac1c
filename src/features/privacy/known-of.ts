import {
  type ContentLine,
  readContentLines,
  splitValue,
  unescapeText,
} from '../../../protocol/text/content-lines.ts'
import type { PartyId } from '../../../storage/ids.ts'
import { readTexts } from '../../../storage/objects.ts'
import { bodiesOfStates, type Erased, findErased } from '../../../storage/privacy/find-erased.ts'
import type { Reader } from '../../../storage/store.ts'

/** Somebody who is to be erased, with all that he was ever called in the states of his cards that are kept. */
export interface Known extends Erased {
  /** Digits alone. */
  readonly phones: readonly string[]
}

/** Bodies that are read at once. */
const together = 100

/** Somebody and whoever was merged into him, by every name, address and number of every state of their cards. */
export async function findKnown(reader: Reader, id: PartyId): Promise<Known> {
  const erased = await findErased(reader, id)
  const [names, mails, phones] = [new Set(erased.names), new Set(erased.mails), new Set<string>()]
  const bodies = await bodiesOfStates(reader, erased.objects)
  for (let at = 0; at < bodies.length; at += together) {
    const texts = await readTexts(reader, bodies.slice(at, at + together), { withMedia: false })
    for (const text of texts.values())
      for (const line of readContentLines(text))
        if (!('broken' in line)) gather(line, { names, mails, phones })
  }
  const named = [...names].map((name) => name.trim()).filter((name) => name !== '')
  return { ...erased, names: [...new Set(named)], mails: [...mails], phones: [...phones] }
}

type Gathered = Readonly<Record<'names' | 'mails' | 'phones', Set<string>>>

function gather({ name, value }: ContentLine, { names, mails, phones }: Gathered): void {
  switch (name) {
    case 'FN':
      names.add(unescapeText(value))
      break
    case 'N': {
      const [family = '', given = ''] = splitValue(value, ';').map((part) => unescapeText(part).trim())
      if (family !== '' && given !== '') names.add(`${given} ${family}`)
      break
    }
    case 'EMAIL': {
      const mail = unescapeText(value)
        .trim()
        .toLowerCase()
        .replace(/^mailto:/, '')
      if (mail.includes('@')) mails.add(mail)
      break
    }
    case 'TEL': {
      const digits = value.replace(/\D+/g, '')
      if (digits.length >= 6) phones.add(digits)
      break
    }
  }
}
