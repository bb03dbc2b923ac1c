import {
  IconCalendar,
  IconCheckbox,
  IconCircleDot,
  IconCoin,
  IconFile,
  IconLetterT,
  IconLink,
  IconListCheck,
  IconMail,
  IconMapPin,
  IconNumbers,
  IconPhone,
  IconUser,
} from '@tabler/icons-react'
import type { FieldType } from './fields.ts'

/** All types of fields, in the order in which they are offered. */
export const typeIcons = {
  text: IconLetterT,
  number: IconNumbers,
  money: IconCoin,
  date: IconCalendar,
  choice: IconCircleDot,
  'multi-choice': IconListCheck,
  'yes-no': IconCheckbox,
  link: IconLink,
  phone: IconPhone,
  mail: IconMail,
  address: IconMapPin,
  person: IconUser,
  file: IconFile,
} as const satisfies Record<FieldType, typeof IconMail>

export const types = Object.keys(typeIcons) as readonly FieldType[]

/** Types that have a form on cards: phones show and edit them. */
export const onCards: ReadonlySet<FieldType> = new Set(['date', 'link', 'phone', 'mail', 'address', 'person'])

export const isChoice = (type: FieldType): boolean => type === 'choice' || type === 'multi-choice'
