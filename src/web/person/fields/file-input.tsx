import { Button, FileButton, Group, Select } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { partyFile, partyLinks } from '../../../features/files/schema.ts'
import { readAll } from '../../client/pages.ts'
import { queryClient } from '../../client/query.ts'
import { upload } from '../../client/upload.ts'
import { FailedPart } from '../../ui/states.tsx'
import { tellFailed } from '../../ui/toast.tsx'
import { keys } from '../person.ts'
import type { InputProps } from './field-input.tsx'
import { recordOf } from './value-text.ts'

type Linked = z.infer<typeof partyLinks>['items'][number]

/** So many files are offered at once; what is typed narrows them. */
const mostOffered = 100

/** A file of the person, or one that is sent now and becomes one. */
export function FileInput({ party, field, value, onChange }: InputProps) {
  const { t } = useTranslation('person')
  const seen = recordOf(value)
  const [chosen, setChosen] = useState(seen.id === undefined ? null : String(seen.id))
  const [isBusy, setIsBusy] = useState(false)
  const asked = useFilesOf(party.id)
  const files = new Map((asked.data ?? []).map(({ file: { id, name } }) => [String(id), name]))
  if (seen.id !== undefined && !files.has(String(seen.id)))
    files.set(String(seen.id), String(seen.name ?? seen.id))
  const choose = (id: string | null, name = files.get(id ?? '')): void => {
    setChosen(id)
    onChange(id === null ? undefined : { id: Number(id) }, { id: Number(id), name })
  }
  const take = async (file: File | null): Promise<void> => {
    if (!file) return
    setIsBusy(true)
    try {
      const query = new URLSearchParams({ name: file.name })
      const sent = await upload<z.infer<typeof partyFile>>(`/parties/${party.id}/files?${query}`, file)
      await queryClient.invalidateQueries({ queryKey: keys.fact(party.id, 'documents') })
      choose(String(sent.file.id), sent.file.name)
    } catch (error) {
      tellFailed(error)
    }
    setIsBusy(false)
  }
  return (
    <Group gap="xs" align="flex-end">
      <Select
        label={field.label}
        style={{ flex: '1 1 220px' }}
        data={[...files].map(([id, name]) => ({ value: id, label: name }))}
        value={chosen}
        placeholder={t('custom.chooseFile')}
        nothingFoundMessage={asked.data && t('documents.none')}
        searchable
        limit={mostOffered}
        clearable
        autoFocus
        comboboxProps={{ withinPortal: false }}
        onChange={(id) => choose(id)}
      />
      <FileButton onChange={(file) => void take(file)}>
        {(props) => (
          <Button variant="default" loading={isBusy} leftSection={<IconUpload size={16} />} {...props}>
            {t('custom.sendFile')}
          </Button>
        )}
      </FileButton>
      <FailedPart of={[asked]} />
    </Group>
  )
}

/** The documents of somebody, the latest first. */
function useFilesOf(partyId: number) {
  return useQuery({
    queryKey: [...keys.fact(partyId, 'documents'), 'all'],
    queryFn: ({ signal }) => readAll<Linked>(`/parties/${partyId}/links`, {}, signal),
    select: (items) => items.filter(({ file }) => file.kind === 'file'),
  })
}
