import { Anchor, Badge, ColorSwatch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Field } from './fields.ts'
import { type Answer, answersOf, valueLink, valueText } from './value-text.ts'

interface ValueViewProps {
  readonly field: Field
  readonly value: unknown
}

/** What stands in a field: what leads somewhere is a link. */
export function ValueView({ field, value }: ValueViewProps) {
  const { t, i18n } = useTranslation('person')
  if (field.type === 'choice' || field.type === 'multi-choice')
    return answersOf(field, value).map((answer) => <AnswerBadge key={answer.key} answer={answer} />)
  const text = valueText(field, value, t, i18n.language)
  // A card knows a person by name alone.
  if (field.type === 'person')
    return (
      <Anchor component={Link} href={`/contacts?${new URLSearchParams({ q: text })}`} size="sm">
        {text}
      </Anchor>
    )
  const link = valueLink(field, value)
  if (link === undefined) return text
  const isOutside = link.startsWith('http') || field.type === 'file'
  return (
    <Anchor
      href={link}
      size="sm"
      dir={field.type === 'phone' ? 'ltr' : undefined}
      {...(isOutside && { target: '_blank', rel: 'noopener noreferrer' })}
    >
      {text}
    </Anchor>
  )
}

/** An answer with its colour. */
export function AnswerBadge({ answer: { label, color } }: { readonly answer: Answer }) {
  return (
    <Badge
      variant="default"
      me={6}
      {...(color !== undefined && {
        leftSection: <ColorSwatch color={color} size={10} withShadow={false} />,
      })}
    >
      {label}
    </Badge>
  )
}
