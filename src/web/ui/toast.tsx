import { Button, Group, Text } from '@mantine/core'
import { notifications, notificationsStore } from '@mantine/notifications'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { isPassing } from '../client/api.ts'
import { queryClient } from '../client/query.ts'
import { useRefusal } from '../refusals/said.ts'
import { beginInSitting, whenSittingEnds } from '../session/sitting.ts'

/** So long what can be taken back stays, and what need only be read. */
const undoMs = 12_000
const readMs = 5_000

/** So many are shown beside each other, so that they do not lie over the page; what went before is in the history. */
const mostDone = 3
const done: string[] = []

interface Undoing {
  readonly id: string
  readonly text: string
  readonly undo: () => Promise<unknown>
}

/** What can be taken back, the newest last; by the keyboard so much of it, also after the message has gone. */
let undoables: readonly Undoing[] = []
const mostUndoable = 20

/** Says that something is done, for a while, and how to take it back. @returns what it is hidden by */
export function tellDone(text: string, undo?: () => Promise<unknown>): string {
  const id = crypto.randomUUID()
  done.push(id)
  for (const older of done.splice(0, done.length - mostDone)) notifications.hide(older)
  const undoing = undo && { id, text, undo }
  if (undoing) undoables = [...undoables, undoing].slice(-mostUndoable)
  notifications.show({
    id,
    message: undoing ? <Undoable {...undoing} /> : text,
    autoClose: undo ? undoMs : readMs,
    closeButtonProps: closing(),
  })
  return id
}

/** Takes away what was said, since it no longer holds. */
export function hideTold(id: string): void {
  undoables = undoables.filter((one) => one.id !== id)
  notifications.hide(id)
}

/** What is told to whoever sits here. */
const news = new Set<string>()

whenSittingEnds(() => {
  undoables = []
  done.length = 0
  notifications.updateState(notificationsStore, (told) => told.filter(({ id }) => id && news.has(id)))
})

let taking: Promise<unknown> = Promise.resolve()

/** Takes back what was done last, and the next time what was done before that: one after the other, and each is named. */
export function undoNewest(): void {
  const isHere = beginInSitting()
  taking = taking.then(async () => {
    // What shows already and is still on its way is the newest.
    await allSent()
    if (!isHere()) return
    const newest = undoables.at(-1)
    if (newest) await takeBack(newest, i18next.t('toast.undoneOf', { text: newest.text }))
    else tellDone(i18next.t('toast.nothing'))
  })
}

/** So long it is waited for, at most. */
const sentMs = 5_000

async function allSent(): Promise<void> {
  const until = Date.now() + sentMs
  while (queryClient.isMutating() > 0 && Date.now() < until) await new Promise((go) => setTimeout(go, 50))
}

async function takeBack(undoing: Undoing, said: string): Promise<void> {
  const { id, undo } = undoing
  const isHere = beginInSitting()
  hideTold(id)
  try {
    const left = await undo()
    if (!isHere()) return
    const isWhole = typeof left !== 'number' || left === 0
    tellDone(isWhole ? said : i18next.t('toast.left', { count: left }))
  } catch (error) {
    if (!isHere()) return
    if (isPassing(error)) offerAgain(error, () => void takeBack(undoing, said))
    else tellFailed(error)
  }
}

/** Says what was refused. */
export function tellFailed(error: unknown): void {
  const message = <Refused error={error} />
  notifications.show({ message, color: 'red', autoClose: undoMs, closeButtonProps: closing() })
}

/**
 * The same, where what was typed is out of sight: it says so until somebody has looked. @param show  shows it
 * @returns what it is hidden by
 */
export function offerShown(error: unknown, show: () => void): string {
  return offer(error, 'toast.show', show)
}

/**
 * Says what failed, and stays until it is sent once more or given up: nothing that somebody wrote is lost by a line that
 * broke.
 * @returns what it is hidden by
 */
export function offerAgain(error: unknown, again: () => void): string {
  return offer(error, 'states.again', again)
}

type Offer = 'states.again' | 'toast.show'

function offer(error: unknown, what: Offer, act: () => void): string {
  const id = crypto.randomUUID()
  const message = <Offered {...{ id, error, what, act }} />
  notifications.show({ id, message, color: 'red', autoClose: false, closeButtonProps: closing() })
  return id
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
  news.add(text)
  notifications.show({ id: text, message, autoClose: false, closeButtonProps: closing() })
}

function closing() {
  return { 'aria-label': i18next.t('app.close') }
}

interface OfferedProps {
  readonly id: string
  readonly error: unknown
  readonly what: Offer
  readonly act: () => void
}

function Offered({ id, error, what, act }: OfferedProps) {
  const { t } = useTranslation()
  const take = (): void => {
    notifications.hide(id)
    act()
  }
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <Text size="sm">
        <Refused error={error} />
      </Text>
      <Button size="compact-sm" variant="light" miw="fit-content" color="red" onClick={take}>
        {t(what)}
      </Button>
    </Group>
  )
}

function Undoable(undoing: Undoing) {
  const { t } = useTranslation()
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <Text size="sm">{undoing.text}</Text>
      <Button
        size="compact-sm"
        variant="light"
        miw="fit-content"
        onClick={() => void takeBack(undoing, t('toast.undone'))}
      >
        {t('toast.undo')}
      </Button>
    </Group>
  )
}

/** An error in words, those of whoever reads it. */
export function Refused({ error }: { readonly error: unknown }) {
  return <>{useRefusal(error)}</>
}
