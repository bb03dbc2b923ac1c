import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArrowsJoin2,
  IconCamera,
  IconDeviceMobileQuestion,
  IconDots,
  IconDownload,
  IconEraser,
  IconFileZip,
  IconPencil,
  IconPrinter,
  IconQrcode,
  IconShare,
  IconTags,
  IconTrash,
} from '@tabler/icons-react'
import { lazy, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useCapabilities } from '../../client/capabilities.ts'
import { openForm } from '../../ui/dialog/forms.tsx'
import type { Card, Party } from '../person.ts'
import { useRemove } from './remove.ts'

const dialogs = {
  name: lazy(async () => ({ default: (await import('./name-dialog.tsx')).NameDialog })),
  photo: lazy(async () => ({ default: (await import('./photo-dialog.tsx')).PhotoDialog })),
  labels: lazy(async () => ({ default: (await import('./labels-dialog.tsx')).LabelsDialog })),
  share: lazy(async () => ({ default: (await import('../../sharing/person/share-person.tsx')).SharePerson })),
  erase: lazy(async () => ({ default: (await import('../../consents/erase-dialog.tsx')).EraseDialog })),
  qr: lazy(async () => ({ default: (await import('./qr-dialog.tsx')).QrDialog })),
}

const editItems = [
  ['name', IconPencil],
  ['photo', IconCamera],
  ['labels', IconTags],
] as const

export interface DialogProps {
  readonly party: Party
  /** Of the party when the dialog was opened. */
  readonly etag: string | undefined
  readonly cards: readonly Card[]
  readonly onClose: () => void
}

type MenuProps = Omit<DialogProps, 'onClose'>

/** What else can be done with somebody. */
export function PersonMenu(props: MenuProps) {
  const { t } = useTranslation('person')
  // Each has all that was known when it was opened.
  const open = (what: keyof typeof dialogs) => (): void => {
    const Dialog = dialogs[what]
    openForm((close) => <Dialog {...props} onClose={close} />)
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          className="not-printed"
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('menu.open')}
        >
          <IconDots size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Items {...props} open={open} />
      </Menu.Dropdown>
    </Menu>
  )
}

interface ItemsProps extends MenuProps {
  readonly open: (what: keyof typeof dialogs) => () => void
}

function Items({ party, cards, open }: ItemsProps) {
  const { t } = useTranslation('person')
  const mayEdit = cards.some(({ rights }) => rights.edit)
  const [first] = cards
  const remove = useRemove()
  return (
    <>
      {mayEdit &&
        editItems.map(([what, Icon]) => (
          <Menu.Item key={what} leftSection={<Icon size={16} />} onClick={open(what)}>
            {t(`menu.${what}`)}
          </Menu.Item>
        ))}
      {mayEdit && <Menu.Divider />}
      <Menu.Item leftSection={<IconShare size={16} />} onClick={open('share')}>
        {t('menu.share')}
      </Menu.Item>
      {first && <CardItems card={first} onQr={open('qr')} />}
      {first && (
        <Menu.Item
          component={Link}
          href={`/served/person/${party.id}`}
          leftSection={<IconDeviceMobileQuestion size={16} />}
        >
          {t('served.ask')}
        </Menu.Item>
      )}
      <Menu.Item component={Link} href="/duplicates" leftSection={<IconArrowsJoin2 size={16} />}>
        {t('menu.duplicates')}
      </Menu.Item>
      <Menu.Item leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
        {t('menu.print')}
      </Menu.Item>
      <PrivacyItems party={party} open={open}>
        {cards.some(({ rights }) => rights.remove) && (
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} />}
            onClick={() => void remove({ party, cards })}
          >
            {t('menu.delete')}
          </Menu.Item>
        )}
      </PrivacyItems>
    </>
  )
}

interface PrivacyProps extends Pick<ItemsProps, 'party' | 'open'> {
  /** What is offered between the two: the card to the trash. */
  readonly children: ReactNode
}

/** What the law wants: all that is known of somebody, and to have it gone; each for whoever may. */
function PrivacyItems({ party, open, children }: PrivacyProps) {
  const { t } = useTranslation('person')
  const { data } = useCapabilities()
  const mine = data?.capabilities ?? []
  return (
    <>
      {mine.includes('export') && (
        <Menu.Item
          component="a"
          href={`/api/parties/${party.id}/export`}
          download
          leftSection={<IconFileZip size={16} />}
        >
          {t('menu.export')}
        </Menu.Item>
      )}
      {children}
      {mine.includes('erase') && (
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconEraser size={16} />}
          onClick={open('erase')}
        >
          {t('menu.erase')}
        </Menu.Item>
      )}
    </>
  )
}

/** How a card is handed to somebody. */
function CardItems({ card, onQr }: { readonly card: Card; readonly onQr: () => void }) {
  const { t } = useTranslation('person')
  return (
    <>
      <Menu.Item
        component="a"
        href={`/api/cards/${card.id}/vcard`}
        download
        leftSection={<IconDownload size={16} />}
      >
        {t('menu.download')}
      </Menu.Item>
      <Menu.Item leftSection={<IconQrcode size={16} />} onClick={onQr}>
        {t('menu.qr')}
      </Menu.Item>
    </>
  )
}
