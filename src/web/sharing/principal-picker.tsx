import { Group, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconUser, IconUsersGroup } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../session/session.ts'
import { FailedPart } from '../ui/states.tsx'
import { type Principal, usePrincipals } from './sharing.ts'

interface PickerProps {
  readonly label?: string
  /** Who has it already, by name. */
  readonly taken: readonly string[]
  readonly onPick: (chosen: Principal) => void
}

/** Finds a colleague or a group by what is typed: by name, and by mail address where there is one. */
export function PrincipalPicker({ label, taken, onPick }: PickerProps) {
  const { t } = useTranslation('sharing')
  const me = useSession().data?.account.name
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text.trim(), 150)
  const asked = usePrincipals(settled)
  const found = (asked.data ?? []).filter(({ name }) => name !== me && !taken.includes(name))
  return (
    <Stack gap={4}>
      <Select
        comboboxProps={{ withinPortal: false }}
        label={label ?? t('with')}
        placeholder={t('find')}
        searchable
        openOnFocus={false}
        value={null}
        searchValue={text}
        onSearchChange={setText}
        nothingFoundMessage={asked.data && t('nobodyFound')}
        filter={({ options }) => options}
        onChange={(name) => {
          const chosen = found.find((one) => one.name === name)
          if (chosen) onPick(chosen)
          setText('')
        }}
        renderOption={({ option: { value } }) => (
          <Found principal={found.find(({ name }) => name === value)} />
        )}
        data={found.map(({ name, displayName }) => ({ value: name, label: displayName }))}
      />
      <FailedPart of={[asked]} />
    </Stack>
  )
}

function Found({ principal }: { readonly principal: Principal | undefined }) {
  const { t } = useTranslation('sharing')
  if (!principal) return null
  const { kind, name, displayName, email } = principal
  const Icon = kind === 'group' ? IconUsersGroup : IconUser
  return (
    <Group gap="xs" wrap="nowrap">
      <Icon size={18} aria-hidden />
      <div>
        <Text size="sm">{displayName}</Text>
        <Text size="xs" c="dimmed">
          {kind === 'group' ? t('group') : (email ?? name)}
        </Text>
      </div>
    </Group>
  )
}
