import { ActionIcon } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ThingHistory } from '../things/lazy.tsx'
import type { Thing } from '../things/thing.ts'

interface SharingHistoryProps {
  readonly kind: Extract<Thing['kind'], 'grant' | 'share' | 'folder'>
  readonly path: string
  /** Whom it is shared with. */
  readonly name: string
  readonly isDisabled?: boolean
}

/** What was shared with somebody, and how, until now. */
export function SharingHistory({ kind, path, name, isDisabled = false }: SharingHistoryProps) {
  const { t } = useTranslation('sharing')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        disabled={isDisabled}
        aria-label={t('historyOf', { name })}
        onClick={() => setIsOpen(true)}
      >
        <IconHistory size={18} />
      </ActionIcon>
      {isOpen && <ThingHistory thing={{ kind, path, name }} onClose={() => setIsOpen(false)} />}
    </>
  )
}
