import { Button, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { AnybodyPicker } from './anybody-picker.tsx'
import type { Kind, Named } from './people.ts'

/** Of some nothing but the name is told. */
type Known = Pick<Named, 'name' | 'displayName'> & { readonly kind?: Kind }

interface PeopleListProps<Person extends Known> {
  readonly title: string
  /** What the field says that finds another one; without it nobody is put in. */
  readonly more: string | undefined
  readonly none: string
  readonly kinds: readonly Kind[]
  readonly people: readonly Person[]
  /** Who can never be in it. */
  readonly without?: readonly string[]
  readonly add: (person: Known) => Promise<Tagged<unknown>>
  readonly remove: (person: Person) => Promise<Tagged<unknown>>
  /** Whether the history takes back who was taken out. */
  readonly hasHistory?: boolean
  /** Puts back who was taken out, as he was; `add` without it. */
  readonly back?: (person: Person) => Promise<Tagged<unknown>>
  /** What else can be said of each. */
  readonly beside?: (person: Person) => ReactNode
}

const keys = [['admin'], ['capabilities']]

/** Who is in something: others are put in, and taken out with a way back. */
export function PeopleList<Person extends Known>(props: PeopleListProps<Person>) {
  const { t } = useTranslation('admin')
  const { title, more, none, kinds, people, without = [], hasHistory = false, beside } = props
  const { add, remove, back = add } = props
  const adding = useChange<Known>({ send: add, keys, isUndoable: false })
  const removing = useChange<Person>({
    send: remove,
    keys,
    ...(!hasHistory && { back: (person) => () => back(person) }),
    said: ({ displayName }) => t('people.out', { name: displayName }),
  })
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {title}
      </Title>
      {people.length === 0 && (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      )}
      <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
        {people.map((person) => (
          <Row key={person.name} person={person} onOut={() => removing.make(person)}>
            {beside?.(person)}
          </Row>
        ))}
      </Stack>
      {more !== undefined && (
        <AnybodyPicker
          label={more}
          kinds={kinds}
          taken={[...without, ...people.map(({ name }) => name)]}
          onPick={(person) => adding.make(person)}
        />
      )}
    </Stack>
  )
}

interface RowProps {
  readonly person: Known
  readonly onOut: () => void
  readonly children: ReactNode
}

function Row({ person: { name, displayName, kind }, onOut, children }: RowProps) {
  const { t } = useTranslation('admin')
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py={6} className="ruled">
      <div style={{ minInlineSize: 0 }}>
        <Text size="sm" truncate>
          {displayName}
        </Text>
        <Text size="sm" c="dimmed" truncate>
          {[name, kind && t(`people.kinds.${kind}`)].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        {children}
        <Button
          variant="default"
          size="compact-sm"
          onClick={onOut}
          aria-label={t('people.takeOutOf', { name: displayName })}
        >
          {t('people.takeOut')}
        </Button>
      </Group>
    </Group>
  )
}
