import { ActionIcon, Button, Group, SegmentedControl, Title } from '@mantine/core'
import {
  IconCalendarCog,
  IconChevronLeft,
  IconChevronRight,
  IconPlus,
  IconPrinter,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useIsNarrow } from '../ui/navigation.tsx'
import { type View, views } from './board/views.ts'

interface ToolbarProps {
  /** What is shown: "23 – 29 Nov 2026". */
  readonly title: string
  readonly view: View
  readonly onLook: (view: View) => void
  readonly onStep: (by: 'prev' | 'next' | 'today') => void
  readonly onNew: () => void
  readonly onAside: () => void
}

/** The way through time, and how it is looked at. */
export function Toolbar({ title, view, onLook, onStep, onNew, onAside }: ToolbarProps) {
  const { t } = useTranslation('calendar')
  const isNarrow = useIsNarrow()
  return (
    <Group p="xs" gap="xs" justify="space-between">
      <Group gap={4} wrap="nowrap" miw={0}>
        <Button className="not-printed" variant="default" size="compact-sm" onClick={() => onStep('today')}>
          {t('today')}
        </Button>
        <ActionIcon
          className="not-printed"
          variant="subtle"
          color="gray"
          aria-label={t('previous')}
          onClick={() => onStep('prev')}
        >
          <IconChevronLeft size={20} className="directed" />
        </ActionIcon>
        <ActionIcon
          className="not-printed"
          variant="subtle"
          color="gray"
          aria-label={t('next')}
          onClick={() => onStep('next')}
        >
          <IconChevronRight size={20} className="directed" />
        </ActionIcon>
        <Title order={2} size="h4" lineClamp={1} aria-live="polite">
          {title}
        </Title>
      </Group>
      <Group gap="xs" className="not-printed" {...(isNarrow && { w: '100%' })}>
        {!isNarrow && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('print')}
            onClick={() => window.print()}
          >
            <IconPrinter size={18} />
          </ActionIcon>
        )}
        {isNarrow && (
          <ActionIcon variant="default" size="lg" aria-label={t('calendars')} onClick={onAside}>
            <IconCalendarCog size={18} />
          </ActionIcon>
        )}
        <SegmentedControl
          size="xs"
          aria-label={t('view')}
          value={view}
          onChange={(next) => onLook(next as View)}
          data={(Object.keys(views) as View[]).map((value) => ({ value, label: t(`views.${value}`) }))}
        />
        <NewButton onNew={onNew} />
      </Group>
    </Group>
  )
}

function NewButton({ onNew }: Pick<ToolbarProps, 'onNew'>) {
  const { t } = useTranslation('calendar')
  if (useIsNarrow())
    return (
      <ActionIcon size="lg" ms="auto" aria-label={t('new')} onClick={onNew}>
        <IconPlus size={18} />
      </ActionIcon>
    )
  return (
    <Button size="compact-sm" leftSection={<IconPlus size={16} />} onClick={onNew}>
      {t('new')}
    </Button>
  )
}
