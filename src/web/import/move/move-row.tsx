import { Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSizes } from '../../ui/sizes.ts'
import { newOne, type Sighted } from './moves.ts'

interface MoveRowProps {
  readonly sighted: Sighted
  readonly isTaken: boolean
  readonly onToggle: () => void
  /** Ours of its kind. */
  readonly places: readonly { readonly name: string; readonly title: string }[]
  readonly into: string
  readonly onInto: (name: string) => void
  /** What it is called here, where it is a new one. */
  readonly name: string
  readonly onName: (name: string) => void
}

/** One collection of the other server: whether it is taken, and into what. */
export function MoveRow({ sighted, isTaken, onToggle, places, into, onInto, name, onName }: MoveRowProps) {
  const { t } = useTranslation('import')
  const { title, color, before } = sighted
  const target = { value: into, onChange: (name: string | null) => name !== null && onInto(name) }
  return (
    <Group justify="space-between" align="flex-start" gap="xs">
      <Checkbox
        flex="1 1 240px"
        miw={0}
        label={
          <>
            {title}
            {color !== null && <span style={{ ...dot, background: color }} aria-hidden />}
          </>
        }
        description={<About sighted={sighted} />}
        checked={isTaken}
        onChange={onToggle}
        disabled={before === 'gone'}
        styles={{ label: { overflowWrap: 'anywhere' } }}
      />
      {isTaken && before === null && (
        <Stack gap={6} w={{ base: '100%', xs: 260 }}>
          <Select
            aria-label={t('moving.intoOf', { title })}
            size="xs"
            allowDeselect={false}
            {...target}
            data={[
              { value: newOne, label: t('moving.new', { title: name.trim() || title }) },
              {
                group: t('moving.ours'),
                items: places.map((place) => ({ value: place.name, label: place.title })),
              },
            ]}
          />
          {into === newOne && (
            <TextInput
              aria-label={t('moving.nameOf', { title })}
              size="xs"
              maxLength={longestName}
              value={name}
              onChange={({ currentTarget }) => onName(currentTarget.value)}
              error={isNameBad(name) && t('moving.noName')}
            />
          )}
        </Stack>
      )}
    </Group>
  )
}

/** So long a name the server takes. */
const longestName = 500

export function isNameBad(name: string): boolean {
  return name.trim() === ''
}

const dot = {
  display: 'inline-block',
  inlineSize: 12,
  blockSize: 12,
  borderRadius: '50%',
  marginInlineStart: 8,
}

/** How much there is, and what is to be known of it. */
function About({ sighted: { kind, count, bytes, left, before, into } }: Pick<MoveRowProps, 'sighted'>) {
  const { t } = useTranslation('import')
  const sizeOf = useSizes()
  const parts = [
    count === null ? '' : t(kind === 'calendar' ? 'moving.entries' : 'moving.contacts', { count }),
    bytes === null || bytes === 0 ? '' : sizeOf(bytes),
    left === null ? '' : t(`moving.left.${left}`),
    before === 'there' ? t('moving.goesOn', { title: into?.title ?? '' }) : '',
    before === 'gone' ? t('moving.gone') : '',
  ]
  return (
    <Text component="span" size="xs">
      {parts.filter((part) => part !== '').join(' · ')}
    </Text>
  )
}
