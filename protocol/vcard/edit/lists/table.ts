import type { ListName, ListValues } from '../details.ts'
import { addresses } from './addresses.ts'
import { dates } from './dates.ts'
import type { ListType } from './list-type.ts'
import { messengers, profiles } from './online.ts'
import { related } from './related.ts'
import { notes, orgs, phones, textList, urls } from './texts.ts'

export const lists: { readonly [L in ListName]: ListType<ListValues[L]> } = {
  orgs,
  titles: textList('TITLE'),
  roles: textList('ROLE'),
  phones,
  mails: textList('EMAIL'),
  addresses,
  urls,
  messengers,
  profiles,
  dates,
  related,
  notes,
  languages: textList('LANG'),
  pronouns: textList('PRONOUNS'),
}

/** Properties whose lines are values of a list, in upper case. */
export const listedProperties: ReadonlySet<string> = new Set(
  Object.values(lists).flatMap(({ names }) => names),
)
