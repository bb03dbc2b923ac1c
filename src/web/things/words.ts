import { useTranslation } from 'react-i18next'
import { useCapabilityWords } from '../admin/roles/words.ts'
import { useFilterText } from '../contacts/filter/filter-text.ts'
import { useFieldWords } from '../fields/define/field-words.ts'
import type { Masks } from '../sharing/hiding.ts'
import { useSharingWords } from '../sharing/words.ts'
import { useSizes } from '../ui/sizes.ts'
import type { ThingKind } from './thing.ts'

/** What a property says, in the language of the page; what has parts is JSON. */
type Say = (text: string) => string

/** Nothing, in every language. */
export const nothing = '–'

/** What properties of things say, in words. Texts are said as they are. */
export function useThingWords(): (kind: ThingKind, property: string, text: string | null) => string {
  const { t } = useTranslation('things')
  const filter = useFilterText()
  const field = useFieldWords()
  const sharing = useSharingWords()
  const capabilities = useCapabilityWords()
  const sizeOf = useSizes()
  const yesNo: Say = (text) => t(text === 'true' ? 'yes' : 'no')
  const sayings: Readonly<Record<string, Say>> = {
    'list.filter': (text) => filter(JSON.parse(text)),
    'calendar.isFree': (text) => t(text === '1' ? 'yes' : 'no'),
    'field.type': field.type,
    'field.formerLabels': (text) => (JSON.parse(text) as readonly string[]).join(', '),
    'field.options': (text) => field.options(JSON.parse(text)),
    'field.position': (text) => String(Number(text) + 1),
    'field.isRetired': yesNo,
    'account.isLocked': yesNo,
    'account.limitBytes': (text) => sizeOf(Number(text)),
    'grant.access': sharing.access,
    'share.access': sharing.access,
    'folder.access': sharing.access,
    'grant.masks': (text) => sharing.masks(JSON.parse(text) as Masks),
    'role.capabilities': (text) => capabilities(wordsIn(text)),
    'mask.hide': (text) => sharing.hidden(wordsIn(text)),
    'mask.only': (text) => sharing.only(wordsIn(text)),
  }
  return (kind, property, text) => {
    if (text === null) return nothing
    return (sayings[`${kind}.${property}`]?.(text) ?? text) || nothing
  }
}

const wordsIn = (text: string): string[] => text.split(', ').filter((word) => word !== '')
