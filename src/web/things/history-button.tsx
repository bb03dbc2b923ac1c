import { ActionIcon } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ThingHistory } from './lazy.tsx'
import type { Thing } from './thing.ts'

/** Opens what became of something that is defined here. */
export function HistoryButton({ thing }: { readonly thing: Thing }) {
  const { t } = useTranslation('things')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('title', { name: thing.name })}
        onClick={() => setIsOpen(true)}
      >
        <IconHistory size={18} />
      </ActionIcon>
      {isOpen && <ThingHistory thing={thing} onClose={() => setIsOpen(false)} />}
    </>
  )
}
