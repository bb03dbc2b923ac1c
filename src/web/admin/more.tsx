import { Button, Stack, Table, Text } from '@mantine/core'
import { Children, cloneElement, createContext, isValidElement, type ReactNode, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import type { usePages } from './admin.ts'
import './rows.css'

interface PagedProps<Item> {
  readonly pages: ReturnType<typeof usePages<Item>>
  readonly none: string
  readonly heads: readonly string[]
  readonly row: (item: Item) => ReactNode
}

/** A table in pages. */
export function Paged<Item>({ pages, none, heads, row }: PagedProps<Item>) {
  const { t } = useTranslation('admin')
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <Empty text={none} />
  return (
    <Stack gap="sm">
      <Rows heads={heads}>{items.map(row)}</Rows>
      <MoreButton pages={pages} w="fit-content">
        {t('more')}
      </MoreButton>
    </Stack>
  )
}

const HeadsContext = createContext<readonly string[]>([])

interface RowsProps {
  readonly heads: readonly string[]
  /** Each a `Line`. */
  readonly children: ReactNode
}

/** A table, of which a phone shows each line as a card. */
export function Rows({ heads, children }: RowsProps) {
  return (
    <HeadsContext value={heads}>
      {/* Where they are drawn as cards they are no table any more, unless that is said. */}
      <Table verticalSpacing="xs" className="lines" role="table">
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {heads.map((head) => (
              <Table.Th key={head} scope="col" role="columnheader">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">{children}</Table.Tbody>
      </Table>
    </HeadsContext>
  )
}

interface CellProps {
  readonly 'data-head'?: string | undefined
  readonly role?: string
  readonly children?: ReactNode
}

/** A line of `Rows`, whose cells know what their columns are called. */
export function Line({ children }: { readonly children: ReactNode }) {
  const heads = useContext(HeadsContext)
  return (
    <Table.Tr role="row">
      {Children.map(children, (cell, index) =>
        isValidElement<CellProps>(cell)
          ? cloneElement(cell, { 'data-head': heads[index], role: 'cell' }, <div>{cell.props.children}</div>)
          : cell,
      )}
    </Table.Tr>
  )
}

interface EditButtonProps {
  /** Whom or what it is about, as people call it. */
  readonly name: string
  readonly onEdit: () => void
}

/** Opens what is listed, to be changed. */
export function EditButton({ name, onEdit }: EditButtonProps) {
  const { t } = useTranslation('admin')
  return (
    <Button
      variant="default"
      size="compact-sm"
      miw="fit-content"
      onClick={onEdit}
      aria-label={t('accounts.editOf', { name })}
    >
      {t('accounts.edit')}
    </Button>
  )
}

interface TwiceProps {
  readonly text: string
  readonly more: string | null
  /** The whole of what is said shorter. */
  readonly title?: string | null
  /** Whether all of it is to be read, such as why something failed. */
  readonly isWhole?: boolean
}

/** A value with what is said by the way. */
export function Twice({ text, more, title, isWhole = false }: TwiceProps) {
  return (
    <div>
      {text !== '' && <Text size="sm">{text}</Text>}
      {more !== null && more !== '' && (
        <Text
          size="sm"
          c="dimmed"
          {...(title && { title })}
          {...(isWhole ? { miw: 200, style: { overflowWrap: 'anywhere' } } : { lineClamp: 2 })}
        >
          {more}
        </Text>
      )}
    </div>
  )
}
