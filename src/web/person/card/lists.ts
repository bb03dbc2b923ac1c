import {
  IconAddressBook,
  IconAt,
  IconBriefcase,
  IconBuilding,
  IconCalendarHeart,
  IconId,
  IconLanguage,
  IconLink,
  IconMail,
  IconMapPin,
  IconMessage,
  IconNote,
  IconPhone,
  IconUsers,
} from '@tabler/icons-react'
import type { ListName, Value } from './merged.ts'

export interface ListKind {
  readonly icon: typeof IconMail
  /** What a new value is before something is written. */
  readonly empty: Value
  /** Words that label a value of it: types of vCard, and for some Apple's built-in labels. */
  readonly words: readonly string[]
  /** Whether the words are labels of Apple's rather than types. */
  readonly isLabelled?: boolean
  readonly isLong?: boolean
  readonly inputMode?: 'tel' | 'email' | 'url'
}

const places = ['home', 'work', 'other'] as const
const noDate = { year: null, month: null, day: null, time: '', text: '' }
const noAddress = {
  ...{ postOfficeBox: '', extended: '', street: '', locality: '' },
  ...{ region: '', postalCode: '', country: '', countryCode: '' },
}
const relatives =
  'Spouse Partner Child Son Daughter Parent Mother Father Brother Sister Friend Assistant Manager Other'

/** The lists of a card in the order in which they are shown. */
const listKinds = {
  phones: {
    icon: IconPhone,
    empty: '',
    words: ['cell', 'home', 'work', 'main', 'fax', 'pager', 'other'],
    inputMode: 'tel',
  },
  mails: { icon: IconMail, empty: '', words: places, inputMode: 'email' },
  addresses: { icon: IconMapPin, empty: noAddress, words: places },
  urls: { icon: IconLink, empty: '', words: places, inputMode: 'url' },
  messengers: { icon: IconMessage, empty: { service: '', address: '' }, words: places },
  profiles: { icon: IconAt, empty: { service: '', user: '', uri: '' }, words: places },
  dates: { icon: IconCalendarHeart, empty: noDate, words: ['Anniversary', 'Other'], isLabelled: true },
  related: { icon: IconUsers, empty: { name: '', uri: '' }, words: relatives.split(' '), isLabelled: true },
  orgs: { icon: IconBuilding, empty: { name: '', units: [] }, words: [] },
  titles: { icon: IconId, empty: '', words: [] },
  roles: { icon: IconBriefcase, empty: '', words: [] },
  languages: { icon: IconLanguage, empty: '', words: [] },
  pronouns: { icon: IconAddressBook, empty: '', words: [] },
  notes: { icon: IconNote, empty: '', words: [], isLong: true },
} as const satisfies Record<ListName, ListKind>

export const listOrder = Object.keys(listKinds) as readonly ListName[]

export function kindOf(list: ListName): ListKind {
  return listKinds[list]
}
