import { ActionIcon, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ChosenPeople } from '../../../features/bulk-people/schema.ts'
import { download } from '../../client/download.ts'
import { tellFailed } from '../../ui/toast.tsx'

const forms = [
  { name: 'vcf3', asked: { format: 'vcf', version: '3.0' } },
  { name: 'vcf4', asked: { format: 'vcf', version: '4.0' } },
  { name: 'csv', asked: { format: 'csv' } },
  { name: 'jscontact', asked: { format: 'jscontact' } },
] as const

/** Takes people along in a file. */
export function ExportMenu({ chosen }: { readonly chosen: ChosenPeople }) {
  const { t } = useTranslation('contacts')
  const { mutate, isPending } = useMutation({
    mutationFn: (asked: (typeof forms)[number]['asked']) =>
      download('/parties/export', { ...chosen, ...asked }),
    onError: tellFailed,
  })
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" loading={isPending} aria-label={t('export.title')}>
          <IconDownload size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('export.title')}</Menu.Label>
        {forms.map(({ name, asked }) => (
          <Menu.Item key={name} onClick={() => mutate(asked)}>
            {t(`export.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
