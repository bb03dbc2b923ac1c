import { Anchor, Badge, NativeSelect, Skeleton, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useTold } from '../../refusals/said.ts'
import type { ImportItem } from '../imports.ts'
import { type Choices, ways, waysFor } from '../parts/choices.ts'

interface ItemRowProps {
  /** Undefined while it is read. */
  readonly item: ImportItem | undefined
  /** By the Tab key; the others by the arrow keys. */
  readonly isReached: boolean
  readonly choices?: Choices
  readonly onLook: (item: ImportItem) => void
}

/** What it is called; where nothing says that, where it stands in the file. */
export function titleOf({ title, place }: ImportItem): string {
  return title ?? place
}

/** One item of a file: what it is called, and what becomes of it. */
export function ItemRow({ item, isReached, choices, onLook }: ItemRowProps) {
  const told = useTold()
  if (!item) return <Skeleton height={12} width="40%" my={9} />
  const remark = item.undoNote ?? item.note ?? ''
  const tabIndex = isReached ? 0 : -1
  return (
    <>
      <div className="import-item-title">
        {choices && item.outcome !== 'refused' ? (
          <Anchor
            {...{ component: 'button', type: 'button', size: 'sm', ta: 'start' }}
            tabIndex={tabIndex}
            onClick={() => onLook(item)}
          >
            {titleOf(item)}
          </Anchor>
        ) : (
          <Text size="sm">{titleOf(item)}</Text>
        )}
      </div>
      <div className="import-item-end">
        <Outcome {...{ item, tabIndex }} {...(choices && { choices })} />
        {remark !== '' && (
          <Text size="xs" c="dimmed">
            {told(remark)}
          </Text>
        )}
      </div>
    </>
  )
}

interface OutcomeProps {
  readonly item: ImportItem
  readonly tabIndex: number
  readonly choices?: Choices
}

/** What becomes of an item, or became; of one that is there already it can be chosen. */
function Outcome({ item, tabIndex, choices }: OutcomeProps) {
  const { t } = useTranslation('import')
  const { outcome, undo, meets } = item
  if (choices && meets && outcome !== 'refused')
    return (
      <NativeSelect
        size="xs"
        aria-label={t('choiceOf', { title: titleOf(item) })}
        tabIndex={tabIndex}
        value={choices.wayOf(item)}
        onChange={({ currentTarget: { value } }) =>
          choices.choose(item, ways.find((way) => way === value) ?? 'update')
        }
        data={waysFor(meets).map((value) => ({ value, label: t(`choice.${value}`) }))}
      />
    )
  return (
    <Badge variant="default" my={4} {...(outcome === 'refused' && { color: 'red' })}>
      {t(undo === undefined ? `${choices ? 'would' : 'did'}.${outcome}` : `undid.${undo}`)}
    </Badge>
  )
}
