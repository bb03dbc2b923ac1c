import { NumberInput, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../ui/dialog/form-dialog.tsx'
import { daysOf, spanOf } from './every.ts'

interface OwnRhythmProps {
  readonly days: number
  readonly onSave: (days: number) => void
  readonly onClose: () => void
}

const units = ['weeks', 'months'] as const
type Unit = (typeof units)[number]
/** Ten years. */
const most = { weeks: 520, months: 119 }

/** Every so many weeks or months. */
export function OwnRhythm({ days, onSave, onClose }: OwnRhythmProps) {
  const { t } = useTranslation('touch')
  const seen = spanOf(days)
  const [unit, setUnit] = useState<Unit>(seen.unit === 'weeks' ? 'weeks' : 'months')
  const [count, setCount] = useState<number | undefined>(seen.unit === 'days' ? 1 : seen.count)
  const isGood = count !== undefined && count >= 1 && count <= most[unit]
  const save = (): void => {
    if (count === undefined) return
    onSave(daysOf(unit, count))
    onClose()
  }
  return (
    <FormDialog title={t('title')} size="sm" act={t('save')} isReady={isGood} onSave={save} onClose={onClose}>
      <NumberInput
        label={t('howMany')}
        min={1}
        max={most[unit]}
        allowDecimal={false}
        value={count ?? ''}
        data-autofocus
        hideControls
        onChange={(value) => setCount(typeof value === 'number' ? value : undefined)}
      />
      <SegmentedControl
        aria-label={t('unit')}
        data={units.map((value) => ({ value, label: t(`units.${value}`) }))}
        value={unit}
        onChange={setUnit}
      />
    </FormDialog>
  )
}
