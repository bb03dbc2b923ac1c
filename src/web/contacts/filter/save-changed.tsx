import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SmartList } from '../list/sides.ts'
import { everybody, filterOf, type Viewing } from '../list/view.ts'
import { useListChange } from './list-changes.ts'
import { ListConflict } from './list-conflict.tsx'

interface SaveChangedProps {
  readonly list: SmartList
  readonly viewing: Viewing
}

/** Keeps the conditions that are looked at as those of the list that is edited. */
export function SaveChanged({ list, viewing: { view, show } }: SaveChangedProps) {
  const { t } = useTranslation('contacts')
  const done = (): void => show({ ...everybody, order: view.order, list: list.id })
  const { make, isBusy, conflict } = useListChange(list, done)
  return (
    <>
      <Button size="xs" loading={isBusy} onClick={() => make({ filter: filterOf(view, undefined) })}>
        {t('lists.saveChanged', { name: list.name })}
      </Button>
      <ListConflict conflict={conflict} onLetGo={done} />
    </>
  )
}
