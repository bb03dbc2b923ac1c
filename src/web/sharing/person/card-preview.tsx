import { Stack, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { maskedCard } from '../../../features/cards/schema.ts'
import { get } from '../../client/api.ts'
import { dateText, textOf } from '../../person/card/format.ts'
import { listOrder } from '../../person/card/lists.ts'
import { entriesOf } from '../../person/card/merged.ts'
import { useWords } from '../../person/card/words.ts'
import { type Card, keys } from '../../person/person.ts'
import { FailedPart, LoadingPart } from '../../ui/states.tsx'
import type { Masks } from '../hiding.ts'

interface CardPreviewProps {
  readonly card: Card
  readonly masks: Masks
}

/** A card as those will see it with whom it is shared so. */
export function CardPreview(props: CardPreviewProps) {
  const { t } = useTranslation('sharing')
  return (
    <Stack component="section" gap={4} aria-label={t('preview')}>
      <Text size="sm" fw={600}>
        {t('preview')}
      </Text>
      <SeenCard {...props} />
    </Stack>
  )
}

/** What is left of a card behind masks: the name, and each value in a line. */
export function SeenCard({ card, masks }: CardPreviewProps) {
  const { t } = useTranslation('sharing')
  const query = queryOf(masks)
  const seen = useQuery({
    queryKey: [...keys.card(card.id), 'masked', query],
    queryFn: ({ signal }) => get<z.infer<typeof maskedCard>>(`/cards/${card.id}/masked?${query}`, signal),
    placeholderData: keepPreviousData,
  })
  const { data } = seen
  const lines = useLines(data?.details ? { ...card, details: data.details } : undefined)
  if (!data) return seen.error ? <FailedPart of={[seen]} /> : <LoadingPart of={seen} />
  return (
    <>
      <Text size="sm">{data.details?.fn ?? ''}</Text>
      {lines.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('nothingSeen')}
        </Text>
      )}
      {lines.map(({ id, label, text }) => (
        <Text key={id} size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          <Text span size="sm" c="dimmed">
            {`${label}: `}
          </Text>
          {text}
        </Text>
      ))}
    </>
  )
}

interface Line {
  readonly id: string
  readonly label: string
  readonly text: string
}

/** What there is to be seen, each in one line. */
function useLines(card: Card | undefined): readonly Line[] {
  const { t: ofPerson, i18n } = useTranslation('person')
  const { labelOf } = useWords()
  if (!card) return []
  const { details } = card
  const days = (['birthday', 'anniversary'] as const).flatMap((what) => {
    const date = details[what]
    return date ? [{ id: what, label: ofPerson(`once.${what}`), text: dateText(date, i18n.language) }] : []
  })
  const values = listOrder.flatMap((list) =>
    entriesOf([card], list).map((entry) => ({
      id: entry.id,
      label: labelOf(list, entry),
      text: textOf(entry, i18n.language),
    })),
  )
  const labels = details.categories.length === 0 ? [] : [details.categories.join(', ')]
  const photo = details.photo ? [ofPerson('menu.photo')] : []
  return [
    ...photo.map((text) => ({ id: 'photo', label: text, text: '✓' })),
    ...values,
    ...days,
    ...labels.map((text) => ({ id: 'labels', label: ofPerson('labels'), text })),
  ]
}

/** Several masks hide what any of them does: of the rules of each only those that all let through are left. */
function queryOf(masks: Masks): string {
  const hide = masks.flatMap((mask) => mask.hide).join(',')
  const [only] = masks.flatMap((mask) => (mask.only ? [mask.only.join(',')] : []))
  return new URLSearchParams({ hide, ...(only !== undefined && { only }) }).toString()
}
