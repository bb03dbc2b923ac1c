import { ActionIcon, Menu } from '@mantine/core'
import { IconDeviceMobile, IconDeviceMobileOff, IconDots, IconShare, IconTrash } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { confirmed } from '../../ui/confirm.tsx'
import type { SmartList } from '../list/sides.ts'
import { everybody, type Viewing } from '../list/view.ts'

const ShareDialog = lazy(async () => ({
  default: (await import('../../sharing/share-dialog.tsx')).ShareDialog,
}))

/** What can be done with a list that was saved: had on devices, shared, removed. */
export function ListMenu({ list, viewing }: { readonly list: SmartList; readonly viewing: Viewing }) {
  const { t } = useTranslation('contacts')
  const [isSharing, setIsSharing] = useState(false)
  const book = useChange<'POST' | 'DELETE'>({
    send: (method) => send(method, `/lists/${list.id}/book`),
    keys: [['lists'], ['books']],
    isUndoable: false,
    said: (method) => t(method === 'POST' ? 'lists.subscribed' : 'lists.unsubscribed'),
  })
  const drop = useChange<void>({
    send: () => send('DELETE', `/lists/${list.id}`),
    keys: [['lists']],
    isUndoable: false,
    said: () => t('lists.dropped', { name: list.name }),
    onDone: () => viewing.show(everybody),
  })
  const askDrop = async (): Promise<void> => {
    const { name } = list
    const question = { title: t('lists.drop'), text: t('lists.dropWhy', { name }), act: t('lists.drop') }
    if (await confirmed({ ...question, isDangerous: true })) drop.make()
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('lists.menu')}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {list.book ? (
            <Menu.Item leftSection={<IconDeviceMobileOff size={16} />} onClick={() => book.make('DELETE')}>
              {t('lists.unsubscribe')}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconDeviceMobile size={16} />} onClick={() => book.make('POST')}>
              {t('lists.subscribe')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconShare size={16} />} onClick={() => setIsSharing(true)}>
            {t('lists.share')}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => void askDrop()}>
            {t('lists.drop')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isSharing && (
        <Suspense>
          <ShareDialog
            what={{ kind: 'list', list: list.id }}
            name={list.name}
            onClose={() => setIsSharing(false)}
          />
        </Suspense>
      )}
    </>
  )
}
