import { NumberInput, Select, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { languages } from '../../i18n/i18n.ts'
import type { Setting } from '../admin.ts'
import { nameOfLanguage, useSettingTexts } from './setting-texts.ts'

interface SettingInputProps {
  readonly setting: Setting
  /** Undefined while it is none, as an empty number. */
  readonly value: Setting['value'] | undefined
  readonly onChange: (value: Setting['value'] | undefined) => void
}

/** Where the value of a setting is chosen or written. */
export function SettingInput(props: SettingInputProps) {
  const { t } = useTranslation('admin')
  const { setting, value, onChange } = props
  const kind = setting.change?.kind
  if (kind === 'number') return <NumberSetting {...props} />
  if (kind === 'switch')
    return (
      <Switch
        label={t('settings.isOn')}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
        data-autofocus
      />
    )
  if (kind === 'choice' || setting.key.startsWith('accounts.')) return <ChoiceSetting {...props} />
  return (
    <TextInput
      label={t('settings.value')}
      value={String(value ?? '')}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-autofocus
    />
  )
}

/** Numbers are written in units that people count in. */
const units = [
  { ends: /GB$/, unit: 'gb', size: 1_000_000_000 },
  { ends: /Bytes$/, unit: 'mb', size: 1_000_000 },
  { ends: /Days$/, unit: 'days', size: 1 },
  { ends: /Ms$/, unit: 'minutes', size: 60_000 },
  { ends: /percent$/, unit: 'percent', size: 1 },
] as const

/** Sizes are in gigabytes where they usually are that large. */
function unitOf({ key, default: usual }: Setting) {
  const name = key.endsWith('Bytes') && Number(usual) >= 1_000_000_000 ? `${key}GB` : key
  return units.find(({ ends }) => ends.test(name)) ?? { unit: 'number' as const, size: 1 }
}

const digits = 2

function NumberSetting({ setting, value, onChange }: SettingInputProps) {
  const { t } = useTranslation('admin')
  const { unit, size } = unitOf(setting)
  const { least, most } = setting.change ?? { least: null, most: null }
  const shown = typeof value === 'number' ? Number((value / size).toFixed(digits)) : ''
  const kept = Number(setting.value)
  const choose = (given: string | number): void => {
    const isKept = given === Number((kept / size).toFixed(digits))
    // What is not touched stays to the octet.
    onChange(typeof given !== 'number' ? undefined : isKept ? kept : Math.round(given * size))
  }
  return (
    <NumberInput
      label={t(`settings.units.${unit}`)}
      value={shown}
      onChange={choose}
      min={(least ?? 0) / size}
      max={(most ?? Number.MAX_SAFE_INTEGER) / size}
      decimalScale={size === 1 ? 0 : digits}
      hideControls
      data-autofocus
    />
  )
}

const zones = Intl.supportedValuesOf('timeZone')

function ChoiceSetting({ setting, value, onChange }: SettingInputProps) {
  const { t, i18n } = useTranslation('admin')
  const { choiceOf } = useSettingTexts()
  const { key, change } = setting
  const isOpen = key.startsWith('accounts.')
  const choices = change?.choices ?? (key.endsWith('.timeZone') ? zones : Object.keys(languages))
  // Another may have been said by a program.
  const own = typeof value === 'string' && value !== '' && !choices.includes(value) ? [value] : []
  const labelOf = (choice: string): string =>
    key === 'accounts.language' ? nameOfLanguage(i18n.language, choice) : choiceOf(key, choice)
  return (
    <Select
      label={t('settings.value')}
      data={[...own, ...choices].map((choice) => ({ value: choice, label: labelOf(choice) }))}
      value={value === '' ? null : String(value)}
      placeholder={t('settings.unset')}
      onChange={(chosen) => onChange(chosen ?? (isOpen ? '' : setting.value))}
      searchable={choices.length > 12}
      clearable={isOpen}
      clearButtonProps={{ 'aria-label': t('settings.clear') }}
      allowDeselect={false}
      limit={100}
      data-autofocus
    />
  )
}
