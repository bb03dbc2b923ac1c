import { useTranslation } from 'react-i18next'
import type { Conflict } from '../../client/change.ts'
import { ConflictDialog, type Difference } from '../../ui/conflict.tsx'
import type { SmartList } from '../list/sides.ts'
import { useFilterText } from './filter-text.ts'
import type { ListChange } from './list-changes.ts'

interface ListConflictProps {
  readonly conflict: Conflict<ListChange, SmartList> | undefined
  /** Told when what was wanted is let go of. */
  readonly onLetGo: () => void
}

/** What somebody else made of a list beside what was wanted. */
export function ListConflict({ conflict, onLetGo }: ListConflictProps) {
  const { t } = useTranslation('contacts')
  const filterText = useFilterText()
  const textOf = (part: (typeof parts)[number], value: unknown): string =>
    part === 'filter' ? filterText(value) : String(value ?? '–')
  const keepTheirs = (): void => {
    conflict?.keepTheirs()
    onLetGo()
  }
  const differences = (mine: ListChange, theirs: SmartList): readonly Difference[] =>
    parts.flatMap((part) =>
      mine[part] === undefined
        ? []
        : {
            label: t(`lists.parts.${part}`),
            mine: textOf(part, mine[part]),
            theirs: textOf(part, theirs[part]),
          },
    )
  return <ConflictDialog conflict={conflict && { ...conflict, keepTheirs }} differences={differences} />
}

const parts = ['name', 'color', 'filter'] as const
