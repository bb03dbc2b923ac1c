import { Button, ColorSwatch, Group, Text, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { takeBackRequest, type Undone } from '../client/undo.ts'
import { useDates } from '../ui/dates.ts'
import { Onwards } from './onwards.tsx'
import { type Change, properties, type Thing, type WayBack } from './thing.ts'
import { nothing, useThingWords } from './words.ts'

export interface ChangeRowProps {
  readonly thing: Thing
  readonly change: Change
  readonly way: WayBack | undefined
  /** Told when it may be found elsewhere from now on. */
  readonly onMoved: () => void
  /** Told when it is again as it was. */
  readonly onDone: () => void
}

/** A change: what was done when, by whom and with what, what differs, and the way back. */
export function ChangeRow({ thing, change, way, onMoved, onDone }: ChangeRowProps) {
  const { t } = useTranslation('things')
  const { time } = useDates()
  const { how, origin, at, author, device, changes } = change
  const by = [author, device?.label].filter((part) => part !== null && part !== undefined)
  const said: readonly string[] = properties[thing.kind]
  const shown = said
    .flatMap((name) => changes.find(({ property }) => property === name) ?? [])
    .filter(({ before, after }) => (before ?? '') !== (after ?? ''))
  return (
    <Group component="li" className="ruled" justify="space-between" align="flex-start" gap="xs" py="sm">
      <div style={{ flex: '1 1 200px', minInlineSize: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={600}>
          {origin === 'restore' && how === 'changed' ? t('how.restored') : t(`how.${how}`)}
        </Text>
        {shown.map((one) => (
          <Difference key={one.property} kind={thing.kind} how={how} difference={one} />
        ))}
        <Text size="xs" c="dimmed">
          {[time(at), ...by].join(' · ')}
        </Text>
      </div>
      {way && <Back {...{ thing, change, way, onMoved, onDone }} />}
    </Group>
  )
}

interface DifferenceProps {
  readonly kind: Thing['kind']
  readonly how: Change['how']
  readonly difference: Change['changes'][number]
}

/** What a property was, and what it is since; of what is new or gone only what there was. */
function Difference({ kind, how, difference: { property, before, after } }: DifferenceProps) {
  const { t } = useTranslation('things')
  const words = useThingWords()
  const value = (text: string | null) => <Value {...{ property, text }} said={words(kind, property, text)} />
  if (how !== 'changed' && words(kind, property, after ?? before) === nothing) return null
  return (
    <Text size="sm" component="div">
      <Text span c="dimmed" inherit>
        {t('named', { what: t(`properties.${kind}.${property}`) })}
      </Text>{' '}
      {how !== 'changed' ? (
        value(after ?? before)
      ) : (
        <>
          <VisuallyHidden>{t('before')} </VisuallyHidden>
          {value(before)} <Onwards /> <VisuallyHidden>{t('after')} </VisuallyHidden>
          {value(after)}
        </>
      )}
    </Text>
  )
}

interface ValueProps {
  readonly property: string
  readonly text: string | null
  readonly said: string
}

function Value({ property, text, said }: ValueProps) {
  if (property !== 'color' || text === null) return <>{said}</>
  return (
    <Group component="span" display="inline-flex" gap={4}>
      <ColorSwatch component="span" color={text} size={12} withShadow={false} />
      {said}
    </Group>
  )
}

/** Makes it again as it was before a change; the message takes that back. */
function Back({ thing, change, way, onMoved, onDone }: ChangeRowProps & { readonly way: WayBack }) {
  const { t } = useTranslation('things')
  const { time } = useDates()
  const { says, request } = way
  const { make, isBusy } = useChange<void, never, Undone | undefined>({
    send: async () => {
      if (request !== undefined)
        return { data: await takeBackRequest(request), etag: undefined, request: undefined }
      const answer = await send<undefined>('POST', `${thing.path}/history/${change.revision}/restore`)
      return { ...answer, data: undefined }
    },
    keys: [[]],
    ...(request !== undefined && { back: (_, { data }) => data?.again }),
    said: () => t('done'),
    onDone: () => {
      onDone()
      if (says === 'bringBack' || request !== undefined) onMoved()
    },
  })
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={isBusy}
      aria-label={t('backOf', { back: t(says), time: time(change.at) })}
      onClick={() => make()}
    >
      {t(says)}
    </Button>
  )
}
