import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { label, labelOutcome, labelPage } from '../../../features/labels/schema.ts'
import { ApiError, get, send, type Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { dropItem, patchItem, patchList } from '../../client/items.ts'
import { usePages } from '../../client/pages.ts'
import { queryClient } from '../../client/query.ts'
import { undoRequest } from '../../client/undo.ts'
import { followWork } from '../../contacts/bulk/bulk.ts'
import { showProgress, workOn } from '../../contacts/bulk/progress.tsx'
import { tellDone } from '../../ui/toast.tsx'

export type Label = z.infer<typeof label>
type Outcome = z.infer<typeof labelOutcome>

/** Where the API has a label. */
export const pathOf = (name: string): string => `/labels/${encodeURIComponent(name)}`
/** What shows labels. */
const shown = [['labels'], ['parties'], ['party'], ['card'], ['lists']] as const

const isCalled =
  (name: string) =>
  (label: Label): boolean =>
    label.name === name

/** The labels that one sees, by name, a page after the other. */
export function useLabelPages() {
  return usePages<z.infer<typeof labelPage>>(['labels', 'pages'], '/labels', { limit: '200' })
}

/** @param onDone  of the form in which it is written */
export function useNewLabel(onDone: () => void) {
  const { t } = useTranslation('fields')
  return useChange<Pick<Label, 'name' | 'color'>, never, Label>({
    send: (body) => send('POST', '/labels', { body }),
    written: 'leaving',
    onDone,
    patches: (made) => [patchList<Label>(['labels'], (seen) => [...seen, { ...made, count: 0 }])],
    keys: shown,
    isUndoable: false,
    said: ({ name }) => t('made', { name }),
  })
}

interface Change {
  readonly before: Label
  readonly name: string
  readonly color: string | null
  /** Whether there is one of the new name: both become one. */
  readonly isMerge: boolean
}

/** What somebody wants of a label, and what became of it; where it is on many cards, how far it is is shown until it is done. */
type Done = Outcome & { readonly stopped: number }

async function sendLabel(
  method: 'PATCH' | 'DELETE',
  former: string,
  options?: Parameters<typeof send>[2],
): Promise<Tagged<Done>> {
  const sent = await send<Outcome>(method, pathOf(former), options)
  const { work } = sent.data
  if (!work) return { ...sent, data: { ...sent.data, stopped: 0 } }
  const ended = await workOn(() => followWork(work, { onProgress: showProgress }))
  if (ended.state === 'failed') throw new ApiError(500, {})
  const { counts, total, done, state } = ended
  const stopped = state === 'stopped' ? total - done : 0
  // What the others have is said by the server: group cards that could not be written have people of their own.
  const left = stopped > 0 ? counts.skipped : await countOf(former)
  return { ...sent, data: { ...sent.data, changed: counts.changed, left, stopped } }
}

/** How many people have a label now. */
async function countOf(name: string): Promise<number> {
  try {
    return (await get<Label>(pathOf(name))).count
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return 0
    throw error
  }
}

/** What is said when it is done, or was stopped. */
function useTold(): (text: string, done: Done) => string {
  const { t } = useTranslation(['fields', 'contacts'])
  return (text, { left, stopped }) =>
    [
      ...(stopped > 0 ? [t('contacts:bulk.stopped', { count: stopped })] : [text]),
      ...(left > 0 ? [t('left', { count: left })] : []),
    ].join(' ')
}

/**
 * Renames a label on all cards, makes one of two, or gives it a colour; each with its way back.
 * @param onDone  of the form in which it is written
 */
export function useLabelChange(onDone: () => void) {
  const { t } = useTranslation('fields')
  const told = useTold()
  return useChange<Change, never, Done>({
    written: 'leaving',
    send: ({ before, name, color, isMerge }) =>
      sendLabel('PATCH', before.name, {
        body: {
          ...(name !== before.name && { name }),
          ...(!isMerge && color !== before.color && { color }),
        },
      }),
    patches: ({ before, name, color, isMerge }) => [
      isMerge
        ? dropItem<Label>(['labels'], isCalled(before.name))
        : patchItem<Label>(['labels'], isCalled(before.name), { name, color }),
    ],
    keys: shown,
    isUndoable: false,
    onDone: ({ data, request }, { before, name, isMerge }) => {
      onDone()
      const text = t(isMerge ? 'merged' : 'saved', { from: before.name, name })
      tellDone(told(text, data), async () => {
        if (isMerge && request !== undefined) {
          await undoRequest(request)
          if (before.color !== null || before.count === 0) await bringBack(before)
        } else {
          const body = { name: before.name, color: before.color }
          await sendLabel('PATCH', name, { body })
        }
        await readAgain()
      })
    },
  })
}

/** Takes a label off all cards; its toast puts it back on them. */
export function useLabelDrop() {
  const { t } = useTranslation('fields')
  const told = useTold()
  return useChange<Label, never, Done>({
    send: ({ name }) => sendLabel('DELETE', name),
    patches: ({ name }) => [dropItem<Label>(['labels'], isCalled(name))],
    keys: shown,
    isUndoable: false,
    onDone: ({ data, request }, before) => {
      tellDone(told(t('dropped', { name: before.name }), data), async () => {
        if (before.count > 0 && request !== undefined) await undoRequest(request)
        if (before.color !== null || before.count === 0) await bringBack(before)
        await readAgain()
      })
    },
  })
}

/** One that is on no card has to be made anew; one that is has its colour again. */
async function bringBack({ name, color, count }: Label): Promise<void> {
  if (count === 0) await send('POST', '/labels', { body: { name, color } })
  else await send('PATCH', pathOf(name), { body: { color } })
}

async function readAgain(): Promise<void> {
  for (const queryKey of shown) await queryClient.invalidateQueries({ queryKey })
}
