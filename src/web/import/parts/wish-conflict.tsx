import { useTranslation } from 'react-i18next'
import type { Conflict } from '../../client/change.ts'
import { ConflictDialog, type Difference } from '../../ui/conflict.tsx'
import { letGo, type Saying, unkept, type Wish, type WishChange } from '../wish.ts'

interface WishConflictProps {
  readonly id: number
  /** As it is on this page. */
  readonly wish: Wish
  readonly conflict: Conflict<Saying, Wish> | undefined
}

/** What was said here beside what was said meanwhile elsewhere, of the same import. */
export function WishConflict({ id, wish, conflict }: WishConflictProps) {
  const differences = useDifferences(wish)
  if (!conflict) return null
  const shown = {
    ...conflict,
    keepTheirs: () => {
      conflict.keepTheirs()
      void letGo(id)
    },
  }
  return (
    <ConflictDialog
      conflict={shown}
      differences={({ change }, theirs) => differences(unkept(id, change), theirs)}
    />
  )
}

function useDifferences(wish: Wish): (mine: WishChange, theirs: Wish) => readonly Difference[] {
  const { t, i18n } = useTranslation('import')
  const list = (texts: readonly string[]): string => new Intl.ListFormat(i18n.language).format(texts)
  const into = (name: string | null | undefined): string => name ?? t('asItFits')
  const keys = (match: Wish['match']): string => list(match.map((key) => t(`matchBy.${key}`)))
  const items = (count: number): string => t('chosen', { count })
  const columns = (said: WishChange['columns'] = {}): string =>
    list(
      Object.entries(said).map(
        ([number, to]) => `${number}: ${typeof to === 'string' ? to : (to?.label ?? '–')}`,
      ),
    )
  return ({ match, onMatch, into: place, labels, columns: given, choices }, theirs) => [
    ...(match ? [{ label: t('match'), mine: keys(match), theirs: keys(theirs.match) }] : []),
    ...(onMatch
      ? [{ label: t('onMatch'), mine: t(`onMatchDo.${onMatch}`), theirs: t(`onMatchDo.${theirs.onMatch}`) }]
      : []),
    ...(place !== undefined ? [{ label: t('into'), mine: into(place), theirs: into(theirs.into) }] : []),
    ...(labels ? [{ label: t('labels'), mine: list(labels), theirs: list(theirs.labels) }] : []),
    ...(given ? [{ label: t('columns'), mine: columns(given), theirs: columns(theirs.columns) }] : []),
    ...(choices
      ? [
          {
            label: t('itemList'),
            mine: items(
              choices.forget ? 0 : Math.max(Object.keys(choices.each ?? {}).length, wish.choices.length),
            ),
            theirs: items(theirs.choices.length),
          },
        ]
      : []),
  ]
}
