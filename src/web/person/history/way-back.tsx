import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { partyChange, stateDetail } from '../../../features/history/schema.ts'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import type { Party } from '../person.ts'
import { awaitTag } from '../tags.ts'

export type Change = z.infer<typeof partyChange>
export type CardChange = Extract<Change, { type: 'card' }>
export type State = z.infer<typeof stateDetail>

/** A state of a card that can be there again, and how that is called. */
export interface Way {
  readonly to: CardChange
  readonly says: 'takeBackChange' | 'bringBackState'
  /** Of the last state that is seen: what others write meanwhile stays. Null where not all of it is shown. */
  readonly etag: string | null
}

/**
 * Where an entry leads back to: the last change of a card to what was there before it, an older one to what it made.
 * @param items  all that is shown, the newest first
 */
export function wayOf(item: Change, items: readonly Change[], { cards }: Party): Way | undefined {
  if (item.type !== 'card' || !cards.some(({ id, mayWrite }) => mayWrite && id === item.object)) return
  const [last, before] = items.filter(
    (one): one is CardChange => one.type === 'card' && one.object === item.object,
  )
  if (!last) return
  const { etag } = last
  if (item !== last) {
    const isSame = etag !== null && item.etag === etag
    return item.isKept && !isSame ? { to: item, says: 'bringBackState', etag } : undefined
  }
  return item.kind === 'updated' && before?.isKept ? { to: before, says: 'takeBackChange', etag } : undefined
}

export function WayBack({ partyId, way }: { readonly partyId: number; readonly way: Way }) {
  const { t } = useTranslation('person')
  const { make, isBusy } = useRestore(partyId, way.to, way.etag)
  return (
    <Button size="compact-sm" variant="default" loading={isBusy} onClick={() => make(null)}>
      {t(way.says)}
    </Button>
  )
}

/** Makes a card as it was, or what of it is given. @param etag  of what is seen; without it each line is judged by itself */
export function useRestore(partyId: number, { object, revision }: CardChange, etag: string | null = null) {
  const { t } = useTranslation('person')
  return useChange<State['now'], never>({
    ...(etag !== null && { etag }),
    send: async (fields, seen) => {
      const note = awaitTag(object)
      const answer = await send<unknown>('POST', `/objects/${object}/restore`, {
        etag: seen,
        body: {
          revision,
          ...(fields && { fields: fields.map(({ path, was, is }) => ({ path, was, is })) }),
        },
      })
      note(answer.etag)
      return answer
    },
    keys: [['party', partyId], ['card'], ['parties']],
    said: () => t('broughtBack'),
  })
}
