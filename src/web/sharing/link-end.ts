import { useTranslation } from 'react-i18next'
import { send } from '../client/api.ts'
import { type ChangeHandle, useChange } from '../client/change.ts'
import { dropItem } from '../client/items.ts'
import { queryClient } from '../client/query.ts'
import { tellDone } from '../ui/toast.tsx'

/** What shows public links, wherever they lead. */
const keys = [['links'], ['files', 'links'], ['trash']]

/**
 * Withdraws a public link, given where the API has it. The message brings it back under its address, and so does the trash.
 */
export function useLinkEnd(): ChangeHandle<string, unknown, unknown> {
  const { t } = useTranslation('sharing')
  return useChange<string>({
    send: (at) => send('DELETE', at),
    patches: (at) => [
      // Those of calendars and those of folders are counted each by themselves.
      dropItem(at.startsWith('/files/') ? ['files', 'links'] : ['links'], Number(at.split('/').at(-1))),
    ],
    keys,
    isUndoable: false,
    onDone: (_, at) =>
      tellDone(t('links.ended'), async () => {
        await send('POST', `${at}/restore`)
        await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })))
      }),
  })
}
