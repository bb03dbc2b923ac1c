import { Checkbox, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Hidable, type Hiding, hidable, hidables } from './hiding.ts'

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
  const ruleText = useRuleText()
  const listed = (names: readonly string[]): string => new Intl.ListFormat(i18n.language).format(names)
  return ({ mode, hidden, kept, masks }) => {
    if (mode === 'own') {
      const [only, ...others] = masks.flatMap((mask) => (mask.only ? [mask.only] : []))
      const rules = masks.flatMap(({ hide }) => hide)
      // What several leave together is no list of rules.
      if (!only || others.length > 0) return t('seen.own')
      const seen = t('seen.only', { what: listed(only.map(ruleText)) })
      return rules.length === 0 ? seen : `${seen}; ${t('seen.some', { what: listed(rules.map(ruleText)) })}`
    }
    if (mode !== 'some') return t(`seen.${mode}`)
    const names = [...hidden.map((key) => t(`hidden.${key}`)), ...kept.map(ruleText)]
    return t('seen.some', { what: listed(names) })
  }
}

const named = ['TEL', 'EMAIL', 'ADR', 'ORG', 'TITLE', 'ROLE', 'NICKNAME'] as const
const types = ['home', 'work', 'cell', 'fax'] as const

/** A rule of a mask, such as `TEL;TYPE=work`, in words; what has none stays as it was written. @see readMaskRule */
function useRuleText(): (rule: string) => string {
  const { t } = useTranslation('sharing')
  return (rule) => {
    const [property = '', condition, ...others] = rule.split(';')
    const whole = property.toUpperCase()
    const key = named.find((one) => one === whole)
    const alike = hidables.find((one) => hidable[one].some((known) => known === whole))
    const name = key ? t(`rules.${key}`) : alike && t(`hidden.${alike}`)
    if (name === undefined || others.length > 0) return rule
    if (condition === undefined) return name
    const wanted = /^TYPE=(.+)$/i.exec(condition)?.[1]?.toLowerCase().split(/[|+]/)
    const words = wanted?.flatMap((one) => {
      const type = types.find((known) => known === one)
      return type ? [t(`types.${type}`)] : []
    })
    return words && words.length === wanted?.length ? `${name} (${words.join(', ')})` : rule
  }
}
