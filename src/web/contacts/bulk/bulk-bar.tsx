import { ActionIcon, Group, Text } from '@mantine/core'
import { IconSelectAll, IconTag, IconTagOff, IconTrash, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useKey } from '../../ui/keys.ts'
import { BookMenu } from './book-menu.tsx'
import { LabelPanel, OwnerPanel, RolePanel } from './bulk-panels.tsx'
import { ExportMenu } from './export-menu.tsx'
import type { Selection } from './selection.ts'
import { useBulk } from './use-bulk.tsx'

interface BulkBarProps {
  readonly selection: Selection
  /** Of all whom the list finds. */
  readonly count: number
}

/** What is done to all who are chosen. Each of it can be taken back. */
export function BulkBar({ selection, count }: BulkBarProps) {
  const { t } = useTranslation('contacts')
  const bulk = useBulk(selection)
  useKey('Escape', t('clearSelection'), selection.clear)
  return (
    <div className="list-status bulk-bar" role="toolbar" aria-label={t('bulk.title')}>
      <Group gap={4} wrap="nowrap" miw={0}>
        <ActionIcon variant="subtle" color="gray" onClick={selection.clear} aria-label={t('clearSelection')}>
          <IconX size={18} />
        </ActionIcon>
        <Text size="sm" fw={600} role="status" truncate>
          {t('selected', { count: selection.count })}
        </Text>
        {selection.count < count && (
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={() => selection.all(count)}
            aria-label={t('selectAll')}
          >
            <IconSelectAll size={18} />
          </ActionIcon>
        )}
      </Group>
      <Group gap={4} wrap="nowrap">
        <LabelPanel isAdding icon={<IconTag size={18} />} text={t('bulk.label')} {...bulk} />
        <LabelPanel isAdding={false} icon={<IconTagOff size={18} />} text={t('bulk.unlabel')} {...bulk} />
        <RolePanel {...bulk} />
        <OwnerPanel {...bulk} />
        <BookMenu {...bulk} />
        <ExportMenu chosen={selection.chosen} />
        <ActionIcon
          variant="subtle"
          color="red"
          onClick={() => bulk.act({ do: 'delete' })}
          loading={bulk.isBusy}
          aria-label={t('bulk.delete')}
        >
          <IconTrash size={18} />
        </ActionIcon>
      </Group>
    </div>
  )
}
