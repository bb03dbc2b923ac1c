import { Button, Group, Stack } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

interface FactFormProps {
  readonly label: string
  readonly isWhole: boolean
  readonly onSave: () => void
  readonly onCancel: () => void
  readonly children: ReactNode
}

/** Something that is known of somebody, being written: its first field has the focus. */
export function FactForm({ label, isWhole, onSave, onCancel, children }: FactFormProps) {
  const { t } = useTranslation('person')
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input:not([type=hidden])')?.focus(), [])
  return (
    <li className="editor" style={{ listStyle: 'none' }}>
      <form
        ref={form}
        aria-label={label}
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) onSave()
        }}
        onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onCancel()}
      >
        <Stack gap="xs">
          {children}
          <Group justify="flex-end" gap="xs">
            <Button size="xs" variant="default" onClick={onCancel}>
              {t('app.cancel')}
            </Button>
            <Button size="xs" type="submit" disabled={!isWhole}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </li>
  )
}
