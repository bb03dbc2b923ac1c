import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Filter } from '../../../features/smart-lists/schema.ts'
import { type Line, linesOf, opText } from './questions.ts'
import { viewOfFilter } from './view-of-filter.ts'

/** Whom a filter asks for, in words. */
export function useFilterText(): (filter: Filter) => string {
  const { t } = useTranslation('contacts')
  return (filter) => filterText(filter, t)
}

/** Conditions in words; where they are more than lines can show, just that. */
export function filterText(given: Filter, t: TFunction<'contacts'>): string {
  const { filter } = viewOfFilter(given)
  const shown = linesOf(filter)
  if (!shown) return t('filter.complex')
  return shown.lines.map((line) => lineText(line, t)).join(` · ${t(`filter.${shown.joining}`)} · `)
}

function lineText({ field, op, value }: Line, t: TFunction<'contacts'>): string {
  const what = field.startsWith('custom:') ? field.slice('custom:'.length) : t(`filter.fields.${field}`)
  return [what, t(`filter.ops.${opText(field, op)}`), value].filter((word) => word !== '').join(' ')
}
