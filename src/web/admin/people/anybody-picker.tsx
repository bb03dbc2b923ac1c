import { Select, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailedPart } from '../../ui/states.tsx'
import { type Kind, type Named, useAnybody } from './people.ts'

interface AnybodyPickerProps {
  readonly label: string
  readonly kinds: readonly Kind[]
  /** Who is not to be chosen, by name. */
  readonly taken: readonly string[]
  readonly onPick: (chosen: Named) => void
}

/** Finds somebody of these kinds by what is typed. */
export function AnybodyPicker({ label, kinds, taken, onPick }: AnybodyPickerProps) {
  const { t } = useTranslation('admin')
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 150)
  const anybody = useAnybody(asked, kinds)
  // What was found for less is narrowed at once: Enter never takes somebody else.
  const wanted = text.trim().toLowerCase()
  const isWanted = ({ name, displayName }: Named): boolean =>
    asked === text.trim() || `${name} ${displayName}`.toLowerCase().includes(wanted)
  const found = (anybody.data ?? []).filter((one) => !taken.includes(one.name) && isWanted(one))
  return (
    <Stack gap={4}>
      <Select
        comboboxProps={{ withinPortal: false }}
        label={label}
        placeholder={t('find')}
        searchable
        value={null}
        searchValue={text}
        onSearchChange={setText}
        nothingFoundMessage={anybody.data && t('none.accounts')}
        filter={({ options }) => options}
        onChange={(name) => {
          const chosen = found.find((one) => one.name === name)
          if (chosen) onPick(chosen)
          setText('')
        }}
        data={found.map(({ name, displayName, kind }) => ({
          value: name,
          label: t('people.one', { displayName, name, kind: t(`people.kinds.${kind}`) }),
        }))}
      />
      <FailedPart of={[anybody]} />
    </Stack>
  )
}
