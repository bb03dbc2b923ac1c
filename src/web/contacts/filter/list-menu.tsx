import { ActionIcon, Menu } from '@mantine/core'
import {
  IconDeviceMobile,
  IconDeviceMobileOff,
  IconDots,
  IconFilter,
  IconHistory,
  IconPencil,
  IconShare,
  IconTrash,
} from '@tabler/icons-react'
import { lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { Filter, listBook } from '../../../features/smart-lists/schema.ts'
import { ApiError, send, type Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { patchItem } from '../../client/items.ts'
import { ThingHistory } from '../../things/lazy.tsx'
import { confirmed } from '../../ui/confirm.tsx'
import { openForm } from '../../ui/dialog/forms.tsx'
import { followWork } from '../bulk/bulk.ts'
import { showProgress, workOn } from '../bulk/progress.tsx'
import type { SmartList } from '../list/sides.ts'
import { everybody, type Viewing } from '../list/view.ts'
import { useListDrop } from './list-changes.ts'
import { ListDialog } from './list-dialog.tsx'
import { viewOfFilter } from './view-of-filter.ts'

const ShareDialog = lazy(async () => ({
  default: (await import('../../sharing/share-dialog.tsx')).ShareDialog,
}))

interface ListMenuProps {
  readonly list: SmartList
  readonly viewing: Viewing
}

/** What can be done with a list that was saved: had on devices, shared, named, asked otherwise, removed. */
export function ListMenu({ list, viewing }: ListMenuProps) {
  const { t } = useTranslation('contacts')
  const [isTold, setIsTold] = useState(false)
  const shared = { what: { kind: 'list', list: list.id }, name: list.name } as const
  const acts = useListActs({ list, viewing })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('lists.menu')}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <BookItem isThere={list.book !== null} onChange={acts.setBook} />
          <Menu.Item
            leftSection={<IconShare size={16} />}
            onClick={() => openForm((close) => <ShareDialog {...shared} onClose={close} />)}
          >
            {t('lists.share')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPencil size={16} />}
            onClick={() => openForm((close) => <ListDialog list={list} onClose={close} />)}
          >
            {t('lists.edit')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFilter size={16} />} onClick={acts.editFilter}>
            {t('lists.editFilter')}
          </Menu.Item>
          <Menu.Item leftSection={<IconHistory size={16} />} onClick={() => setIsTold(true)}>
            {t('lists.history')}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} c="var(--mantine-color-error)" onClick={acts.drop}>
            {t('lists.drop')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isTold && (
        <ThingHistory
          thing={{ kind: 'list', path: `/lists/${list.id}`, name: list.name }}
          onClose={() => setIsTold(false)}
        />
      )}
    </>
  )
}

function useListActs({ list, viewing }: ListMenuProps) {
  const { t } = useTranslation('contacts')
  const book = useChange<'POST' | 'DELETE', unknown, Booked>({
    send: (method) => sendBook(method, `/lists/${list.id}/book`),
    // A book that is made has its name from the server; how far it is filled is shown.
    patches: (method) =>
      method === 'DELETE' ? [patchItem<SmartList>(['lists'], list.id, { book: null })] : [],
    keys: [['lists'], ['books']],
    back:
      (_method, { data }) =>
      () =>
        sendBook(data.isThere ? 'DELETE' : 'POST', `/lists/${list.id}/book`),
    said: (_method, { isThere }) => t(isThere ? 'lists.subscribed' : 'lists.unsubscribed'),
  })
  const drop = useListDrop(
    list,
    () => viewing.show(everybody),
    () => viewing.show({ ...everybody, list: list.id }),
  )
  const askDrop = async (): Promise<void> => {
    const { name } = list
    const question = { title: t('lists.drop'), text: t('lists.dropWhy', { name }), act: t('lists.drop') }
    if (await confirmed({ ...question, isDangerous: true })) drop.make()
  }
  return {
    setBook: book.make,
    drop: () => void askDrop(),
    editFilter: () => viewing.show({ ...everybody, ...viewOfFilter(list.filter as Filter), edit: list.id }),
  }
}

/** Whether it is an address book now. */
interface Booked {
  readonly isThere: boolean
}

/** Where very many people are in it, how far it is is shown until it is filled; one that is stopped goes again. */
async function sendBook(method: 'POST' | 'DELETE', path: string): Promise<Tagged<Booked>> {
  const sent = await send<z.infer<typeof listBook> | undefined>(method, path)
  const work = sent.data?.work
  if (!work) return { ...sent, data: { isThere: method === 'POST' } }
  const { state } = await workOn(() => followWork(work, { onProgress: showProgress }))
  if (state === 'failed') throw new ApiError(500, {})
  return { ...sent, data: { isThere: state !== 'stopped' } }
}

interface BookItemProps {
  readonly isThere: boolean
  readonly onChange: (method: 'POST' | 'DELETE') => void
}

/** Whether devices have it as an address book. */
function BookItem({ isThere, onChange }: BookItemProps) {
  const { t } = useTranslation('contacts')
  const Icon = isThere ? IconDeviceMobileOff : IconDeviceMobile
  return (
    <Menu.Item leftSection={<Icon size={16} />} onClick={() => onChange(isThere ? 'DELETE' : 'POST')}>
      {t(isThere ? 'lists.unsubscribe' : 'lists.subscribe')}
    </Menu.Item>
  )
}
