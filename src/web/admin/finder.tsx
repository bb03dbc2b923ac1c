import { Button, Group, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePages } from './admin.ts'

/** A list in pages, or what of it is looked for. */
export function useFinding<Item>(path: string) {
  const [wanted, setWanted] = useState('')
  const [asked] = useDebouncedValue(wanted.trim(), 200)
  const pages = usePages<Item>(asked === '' ? path : `${path}?q=${encodeURIComponent(asked)}`)
  return { pages, wanted, setWanted }
}

interface FinderProps {
  readonly finding: Pick<ReturnType<typeof useFinding>, 'wanted' | 'setWanted'>
  /** What makes another, in words. */
  readonly add: string
  readonly onAdd: () => void
}

/** Above a list: finds in it, and adds to it. */
export function Finder({ finding: { wanted, setWanted }, add, onAdd }: FinderProps) {
  const { t } = useTranslation('admin')
  return (
    <Group align="flex-end" justify="space-between">
      <TextInput
        label={t('find')}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        flex="1 1 220px"
        maw={380}
      />
      <Button leftSection={<IconPlus size={18} />} onClick={onAdd}>
        {add}
      </Button>
    </Group>
  )
}
