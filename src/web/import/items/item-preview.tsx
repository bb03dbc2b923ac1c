import { Badge, Code, Spoiler, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { importPreview } from '../../../features/imports/schema.ts'
import { get } from '../../client/api.ts'
import { useTold } from '../../refusals/said.ts'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import type { Way } from '../parts/choices.ts'

type Preview = z.infer<typeof importPreview>
type Details = NonNullable<NonNullable<Preview['after']>['details']>

interface ItemPreviewProps {
  readonly id: number
  readonly number: number
  readonly name: string
  /** What becomes of it where it is there already. */
  readonly way: Way
  readonly onClose: () => void
}

/** What would become of one item of a file, beside what is there already. */
export function ItemPreview({ id, number, name, way, onClose }: ItemPreviewProps) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['imports', 'item', id, number, way],
    queryFn: ({ signal }) => get<Preview>(`/imports/${id}/items/${number}?onMatch=${way}`, signal),
  })
  return (
    <Dialog onClose={onClose} title={data?.after?.details?.fn || name} size="xl" fillsPhone>
      {isPending && <Loading />}
      {error && <Failed error={error} again={() => void refetch()} />}
      {data && <Compared preview={data} />}
    </Dialog>
  )
}

function Compared({ preview: { outcome, note, after, match, values } }: { readonly preview: Preview }) {
  const { t } = useTranslation('import')
  const told = useTold()
  const [will, is] = [after?.details ?? undefined, match?.details ?? undefined]
  return (
    <Stack>
      <div>
        <Badge variant="default">{t(`would.${outcome}`)}</Badge>
        {note !== '' && (
          <Text size="sm" c="dimmed">
            {told(note)}
          </Text>
        )}
      </div>
      {(will ?? is) && <Said {...{ will, is }} isMatched={match !== null} />}
      {values.length > 0 && <Beside values={values} />}
      {after && (
        <Spoiler maxHeight={0} showLabel={t('preview.text')} hideLabel={t('preview.hideText')}>
          <Code block>{after.text}</Code>
        </Spoiler>
      )}
    </Stack>
  )
}

interface SaidProps {
  readonly will: Details | undefined
  readonly is: Details | undefined
  readonly isMatched: boolean
}

/** What both say, part by part; what differs stands out. */
function Said({ will, is, isMatched }: SaidProps) {
  const { t } = useTranslation('import')
  const rows = parts.flatMap(([name, read]) => {
    const [before, after] = [is ? read(is) : [], will ? read(will) : []]
    return before.length + after.length === 0 ? [] : [{ name, before, after }]
  })
  return (
    <Table.ScrollContainer
      minWidth={isMatched ? 420 : 240}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
    >
      <Table layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Td w={110} />
            {isMatched && <Table.Th scope="col">{t('preview.before')}</Table.Th>}
            <Table.Th scope="col">{t('preview.after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, before, after }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{t(`target.${name}`)}</Table.Th>
              {isMatched && <Lines lines={before} others={after} />}
              <Lines lines={after} others={isMatched ? before : after} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

interface LinesProps {
  readonly lines: readonly string[]
  readonly others: readonly string[]
}

function Lines({ lines, others }: LinesProps) {
  return (
    <Table.Td style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
      {lines.map((line) => (
        <Text key={line} size="sm" fw={others.includes(line) ? 400 : 700}>
          {line}
        </Text>
      ))}
    </Table.Td>
  )
}

function Beside({ values }: Pick<Preview, 'values'>) {
  return values.map(({ key, label, value }) => (
    <Text key={key} size="sm">
      {`${label}: ${typeof value === 'string' ? value : JSON.stringify(value)}`}
    </Text>
  ))
}

const some = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.map((text) => text.trim()).filter((text) => text !== '')),
]

/** By the names that columns go to. */
const parts: readonly (readonly [name: string, read: (details: Details) => readonly string[]])[] = [
  ['fullName', ({ fn }) => some([fn])],
  ['organisation', ({ orgs }) => some(orgs.map(({ value: { name, units } }) => [name, ...units].join(', ')))],
  ['jobTitle', ({ titles }) => some(titles.map(({ value }) => value))],
  ['mail', ({ mails }) => some(mails.map(({ value }) => value))],
  ['phone', ({ phones }) => some(phones.map(({ value }) => value))],
  [
    'address',
    ({ addresses }) =>
      some(
        addresses.map(({ value: { street, postalCode, locality, region, country } }) =>
          [street, `${postalCode} ${locality}`.trim(), region, country]
            .filter((part) => part !== '')
            .join(', '),
        ),
      ),
  ],
  ['web', ({ urls }) => some(urls.map(({ value }) => value))],
  ['labels', ({ categories }) => some(categories)],
  ['note', ({ notes }) => some(notes.map(({ value }) => value))],
]
