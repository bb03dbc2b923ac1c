import { Anchor, Badge } from '@mantine/core'
import { IconStarFilled } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../fact.tsx'
import { linkOf, textOf } from './format.ts'
import { kindOf } from './lists.ts'
import type { Entry } from './merged.ts'
import { useWords } from './words.ts'

interface ValueRowProps {
  readonly entry: Entry
  /** The first of its list has the sign of it. */
  readonly isFirst: boolean
  /** Where it stands, if that is not everywhere. */
  readonly books: readonly string[]
  readonly tools?: ReactNode
}

/** One value of a card. */
export function ValueRow({ entry, isFirst, books, tools }: ValueRowProps) {
  const { t, i18n } = useTranslation('person')
  const { labelOf } = useWords()
  const text = textOf(entry, i18n.language)
  const link = linkOf(entry)
  return (
    <Fact
      icon={isFirst ? kindOf(entry.list).icon : undefined}
      label={labelOf(entry.list, entry)}
      tools={tools}
    >
      {link === undefined ? (
        text
      ) : (
        <Anchor
          href={link}
          size="sm"
          dir={entry.list === 'phones' ? 'ltr' : undefined}
          {...(link.startsWith('http') && { target: '_blank', rel: 'noopener noreferrer' })}
        >
          {text}
        </Anchor>
      )}
      {entry.isPreferred && (
        <IconStarFilled size={12} role="img" aria-label={t('preferred')} style={{ marginInlineStart: 6 }} />
      )}
      {books.map((book) => (
        <Badge key={book} size="sm" variant="default" ms={6}>
          {book}
        </Badge>
      ))}
    </Fact>
  )
}
