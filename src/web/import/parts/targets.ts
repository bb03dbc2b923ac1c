import { useTranslation } from 'react-i18next'

const properties = {
  N: 'names',
  FN: 'fullName',
  NICKNAME: 'nickname',
  PHONETIC: 'phonetic',
  ORG: 'organisation',
  TITLE: 'jobTitle',
  ROLE: 'role',
  EMAIL: 'mail',
  TEL: 'phone',
  ADR: 'address',
  URL: 'web',
  IMPP: 'chat',
  BDAY: 'birthday',
  ANNIVERSARY: 'anniversary',
  DATE: 'date',
  RELATED: 'related',
  CUSTOM: 'custom',
  CATEGORIES: 'labels',
  NOTE: 'note',
  GENDER: 'gender',
  UID: 'identifier',
  ID: 'identifier',
} as const
const parts = [
  ...['family', 'given', 'additional', 'prefix', 'suffix', 'unit', 'label', 'street', 'street2', 'street3'],
  ...[
    'city',
    'region',
    'code',
    'country',
    'pobox',
    'extended',
    'formatted',
    'service',
    'year',
    'month',
    'day',
  ],
]
const types = ['cell', 'home', 'work', 'fax']

/** The part that is meant where none is named. */
const usualParts: Readonly<Record<string, string>> = { N: 'family', PHONETIC: 'given', ADR: 'street' }

/** Where a column goes, in words: `TEL;cell` is "Phone · mobile". */
export function useTargetName(): (target: string) => string {
  const { t } = useTranslation('import')
  return (target) => {
    const [, property = '', part = '', type = '', number = ''] =
      /^([A-Za-z]+)(?:\.([A-Za-z0-9]+))?(?:;([A-Za-z0-9,_-]+))?(?:#(\d+))?$/.exec(target) ?? []
    const key = Object.entries(properties).find(([name]) => name === property.toUpperCase())?.[1]
    if (target.startsWith('field:')) return t('newField')
    if (key === undefined) return target
    const named = part === '' ? (usualParts[property.toUpperCase()] ?? '') : part
    const words = [
      t(`target.${key}`),
      parts.includes(named) ? t(`part.${named}`) : '',
      types.includes(type.toLowerCase()) ? t(`type.${type.toLowerCase()}`) : type,
    ]
    return [...words, number].filter((word) => word !== '').join(' · ')
  }
}
