import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../refusals/said.ts'

/** So long what can be taken back stays, and what need only be read. */
const undoMs = 12_000
const readMs = 5_000

/** So many are shown beside each other, so that they do not lie over the page; what went before is in the history. */
const mostDone = 3
const done: string[] = []

/** Says that something is done, for a while, and how to take it back. @returns what it is hidden by */
export function tellDone(text: string, undo?: () => Promise<unknown>): string {
  const id = crypto.randomUUID()
  done.push(id)
  for (const older of done.splice(0, done.length - mostDone)) notifications.hide(older)
  notifications.show({
    id,
    message: undo ? <Undoable id={id} text={text} undo={undo} /> : text,
    autoClose: undo ? undoMs : readMs,
    closeButtonProps: closing(),
  })
  return id
}

/** Takes away what was said, since it no longer holds. */
export function hideTold(id: string): void {
  notifications.hide(id)
}

/** Says what was refused. */
export function tellFailed(error: unknown): void {
  const message = <Refused error={error} />
  notifications.show({ message, color: 'red', autoClose: undoMs, closeButtonProps: closing() })
}

/**
 * Says what failed, and stays until it is sent once more or given up: nothing that somebody wrote is lost by a line that
 * broke.
 */
export function offerAgain(error: unknown, again: () => void): void {
  const id = crypto.randomUUID()
  const message = <Repeatable id={id} error={error} again={again} />
  notifications.show({ id, message, color: 'red', autoClose: false, closeButtonProps: closing() })
}

/** Says what is news, and what can be done with it; stays until it is done or put away. */
export function tellNews(text: string, label: string, act: () => void): void {
  const message = (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <Text size="sm">{text}</Text>
      <Button size="compact-sm" variant="light" miw="fit-content" onClick={act}>
        {label}
      </Button>
    </Group>
  )
  notifications.show({ id: text, message, autoClose: false, closeButtonProps: closing() })
}

function closing() {
  return { 'aria-label': i18next.t('app.close') }
}

interface RepeatableProps {
  readonly id: string
  readonly error: unknown
  readonly again: () => void
}

function Repeatable({ id, error, again }: RepeatableProps) {
  const { t } = useTranslation()
  const repeat = (): void => {
    notifications.hide(id)
    again()
  }
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <Text size="sm">
        <Refused error={error} />
      </Text>
      <Button size="compact-sm" variant="light" miw="fit-content" color="red" onClick={repeat}>
        {t('states.again')}
      </Button>
    </Group>
  )
}

interface UndoableProps {
  readonly id: string
  readonly text: string
  readonly undo: () => Promise<unknown>
}

function Undoable({ id, text, undo }: UndoableProps) {
  const { t } = useTranslation()
  const take = async (): Promise<void> => {
    notifications.hide(id)
    try {
      const left = await undo()
      const isWhole = typeof left !== 'number' || left === 0
      tellDone(isWhole ? t('toast.undone') : t('toast.left', { count: left }))
    } catch (error) {
      tellFailed(error)
    }
  }
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <Text size="sm">{text}</Text>
      <Button size="compact-sm" variant="light" miw="fit-content" onClick={() => void take()}>
        {t('toast.undo')}
      </Button>
    </Group>
  )
}

/** An error in words, those of whoever reads it. */
export function Refused({ error }: { readonly error: unknown }) {
  return <>{useRefusal(error)}</>
}
