import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconArchive, IconArchiveOff, IconPlus, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ColorField } from '../color-field.tsx'
import type { Writing } from './choices.ts'

interface ChoicesInputProps {
  readonly choices: readonly Writing[]
  readonly onChange: (choices: readonly Writing[]) => void
}

/** The answers of a choice, with their colours; one that may have been given is retired, not taken away. */
export function ChoicesInput({ choices, onChange }: ChoicesInputProps) {
  const { t } = useTranslation('fields')
  const set = (row: number, part: Partial<Writing>): void =>
    onChange(choices.map((one) => (one.row === row ? { ...one, ...part } : one)))
  const next = Math.max(-1, ...choices.map(({ row }) => row)) + 1
  return (
    <Fieldset legend={t('choices')} p="sm">
      <Stack gap="xs">
        {choices.map((one, index) => (
          <Row
            key={one.row}
            {...{ one, number: index + 1 }}
            onSet={(part) => set(one.row, part)}
            onDrop={() => onChange(choices.filter(({ row }) => row !== one.row))}
          />
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={16} />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() =>
            onChange([...choices, { row: next, key: undefined, label: '', color: '', isRetired: false }])
          }
        >
          {t('addChoice')}
        </Button>
        {choices.some(({ isRetired }) => isRetired) && (
          <Text size="xs" c="dimmed">
            {t('choiceRetiredWhy')}
          </Text>
        )}
      </Stack>
    </Fieldset>
  )
}

interface RowProps {
  readonly one: Writing
  readonly number: number
  readonly onSet: (part: Partial<Writing>) => void
  readonly onDrop: () => void
}

function Row({ one: { key, label, color, isRetired }, number, onSet, onDrop }: RowProps) {
  const { t } = useTranslation('fields')
  const name = label === '' ? t('choice', { number }) : label
  return (
    <Group gap={6} wrap="nowrap">
      <ColorField color={color} name={name} onChange={(next) => onSet({ color: next })} />
      <TextInput
        style={{ flex: 1 }}
        aria-label={t('choice', { number })}
        value={label}
        maxLength={100}
        {...(isRetired && { c: 'dimmed', rightSection: <IconArchive size={14} /> })}
        onChange={(event) => onSet({ label: event.currentTarget.value })}
      />
      {key === undefined ? (
        <ActionIcon variant="subtle" color="gray" aria-label={t('dropChoice', { name })} onClick={onDrop}>
          <IconX size={16} />
        </ActionIcon>
      ) : (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t(isRetired ? 'offerChoice' : 'retireChoice', { name })}
          onClick={() => onSet({ isRetired: !isRetired })}
        >
          {isRetired ? <IconArchiveOff size={16} /> : <IconArchive size={16} />}
        </ActionIcon>
      )}
    </Group>
  )
}
