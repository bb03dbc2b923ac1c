import { Button, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { patchList } from '../../client/items.ts'
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
  /** Where they were read, and what their list is called there. */
  readonly of: readonly [path: string, list: 'members' | 'holders' | 'delegates']
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
  const [path, list] = props.of
  const shown = (update: (seen: readonly Known[]) => readonly Known[]) => [
    patchList<Known>(['admin', path], update, list),
  ]
  const adding = useChange<Known>({
    send: add,
    patches: (person) => shown((seen) => [...seen, person]),
    keys,
    isUndoable: false,
  })
  const removing = useChange<Person>({
    send: remove,
    patches: ({ name }) => shown((seen) => seen.filter((one) => one.name !== name)),
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
          <Row
            key={person.name}
            person={person}
            isSent={adding.sent?.name === person.name}
            onOut={() => removing.make(person)}
          >
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
  /** Whether somebody is being put in: nothing is said of him until he is. */
  readonly isSent: boolean
  readonly onOut: () => void
  readonly children: ReactNode
}

function Row({ person: { name, displayName, kind }, isSent, onOut, children }: RowProps) {
  const { t } = useTranslation('admin')
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py={6} className="ruled" aria-busy={isSent}>
      <div style={{ minInlineSize: 0 }}>
        <Text size="sm" truncate>
          {displayName}
        </Text>
        <Text size="sm" c="dimmed" truncate>
          {[name, kind && t(`people.kinds.${kind}`)].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        {!isSent && children}
        <Button
          variant="default"
          disabled={isSent}
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
