import './list/list.css'

import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'wouter'
import { useIsNarrow } from '../ui/navigation.tsx'
import { PeopleList } from './list/people-list.tsx'
import { Sidebar } from './list/sidebar.tsx'
import { useView } from './list/view.ts'
import { PartyView } from './party-view.tsx'

const SidePanel = lazy(async () => ({ default: (await import('../ui/dialog/side-panel.tsx')).SidePanel }))

/** The list with its sides, and whom is chosen in it; on a phone one of them. */
export function ContactsPage() {
  const { t } = useTranslation('contacts')
  const { id } = useParams<{ id?: string }>()
  const isNarrow = useIsNarrow()
  const hasRoom = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false })
  const [isOpen, { open, close }] = useDisclosure()
  const viewing = useView()
  const chosen = id === undefined ? undefined : Number(id)
  const isAlone = isNarrow && chosen !== undefined
  return (
    <div className={isAlone ? undefined : 'contacts full'}>
      {!isAlone && hasRoom && <Sidebar view={viewing.view} />}
      {!isAlone && !hasRoom && isOpen && (
        <Suspense>
          <SidePanel onClose={close} size={280} title={t('sides.all')} padding="xs">
            <Sidebar view={viewing.view} onFollow={close} />
          </SidePanel>
        </Suspense>
      )}
      {!isAlone && <PeopleList viewing={viewing} chosen={chosen} onSides={hasRoom ? undefined : open} />}
      {/* One and the same whichever way a tablet is held: what is being written in it stays. */}
      {chosen !== undefined && (
        <div className={isAlone ? undefined : 'contacts-person'}>
          <PartyView id={chosen} />
        </div>
      )}
    </div>
  )
}
