import { Checkbox, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Hidable, type Hiding, hidables } from './hiding.ts'

interface HidingFieldProps {
  readonly hiding: Hiding
  readonly onChange: (hiding: Hiding) => void
}

/** How much is seen of those who are shared, in words. */
export function HidingField({ hiding, onChange }: HidingFieldProps) {
  const { t } = useTranslation('sharing')
  const modes = ['all', 'work', 'some', ...(hiding.mode === 'own' ? (['own'] as const) : [])] as const
  return (
    <Stack gap="xs">
      <Select
        comboboxProps={{ withinPortal: false }}
        label={t('sees')}
        data={modes.map((value) => ({ value, label: t(`modes.${value}`) }))}
        value={hiding.mode}
        allowDeselect={false}
        onChange={(mode) => mode !== null && onChange({ ...hiding, mode: mode as Hiding['mode'] })}
      />
      {hiding.mode === 'some' && (
        <Checkbox.Group
          label={t('hide')}
          value={[...hiding.hidden]}
          onChange={(hidden) => onChange({ ...hiding, hidden: hidden as Hidable[] })}
        >
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={6} verticalSpacing={8} mt={6}>
            {hidables.map((value) => (
              <Checkbox key={value} value={value} label={t(`hidden.${value}`)} size="sm" />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      )}
      {hiding.mode === 'some' && hiding.kept.length > 0 && (
        <Text size="xs" c="dimmed">
          {t('kept', { rules: hiding.kept.join(', ') })}
        </Text>
      )}
    </Stack>
  )
}

/** The same in one line. */
export function useHidingText(): (hiding: Hiding) => string {
  const { t, i18n } = useTranslation('sharing')
  return ({ mode, hidden, kept }) => {
    if (mode !== 'some') return t(`seen.${mode}`)
    const names = [...hidden.map((key) => t(`hidden.${key}`)), ...kept]
    return t('seen.some', { what: new Intl.ListFormat(i18n.language).format(names) })
  }
}
