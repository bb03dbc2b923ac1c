import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { send } from '../../client/api.ts'
import { queryClient } from '../../client/query.ts'
import { undoRequests } from '../../client/undo.ts'
import { tellDone, tellFailed } from '../../ui/toast.tsx'
import type { Card, Party } from '../person.ts'
import { tagOf } from '../tags.ts'

/** Sends all cards of somebody that one may delete to the trash; what hangs on him stays, and an undo brings all back. */
export function useRemove() {
  const { t } = useTranslation('person')
  const [, go] = useLocation()
  return async ({
    party,
    cards,
  }: {
    readonly party: Party
    readonly cards: readonly Card[]
  }): Promise<void> => {
    const requests: string[] = []
    try {
      for (const card of cards) {
        if (!card.rights.remove) continue
        const { request } = await send('DELETE', `/cards/${card.id}`, { etag: tagOf(card) })
        if (request !== undefined) requests.push(request)
      }
      go('/contacts')
    } catch (error) {
      tellFailed(error)
    }
    if (requests.length > 0)
      tellDone(t('deleted', { name: party.name }), async () => {
        const left = await undoRequests(requests)
        go(`/contacts/${party.id}`)
        return left
      })
    await queryClient.invalidateQueries()
  }
}
