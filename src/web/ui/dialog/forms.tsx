import { type ReactNode, Suspense, useEffect, useMemo, useSyncExternalStore } from 'react'
import { whenSittingEnds } from '../../session/sitting.ts'
import { Boundary } from '../broken.tsx'
import { hideTold } from '../toast.tsx'
import { FormPlaceProvider } from './form-place.ts'
import { late } from './late.tsx'
import { isAnyOpen, whenNoneIsOpen } from './open-dialogs.ts'

const BrokenForm = late(
  async () => (await import('./broken-form.tsx')).BrokenForm,
  ({ onClose }) => onClose(),
)

interface Form {
  readonly id: string
  readonly draw: (close: () => void) => ReactNode
  /** In use; out of sight since it is on its way; back again, but while another dialog was open, which goes first. */
  readonly state: 'open' | 'sent' | 'waiting'
  /** Above what else is open: somebody asked for it. */
  readonly isRaised: boolean
  /** The message that offers to show it. */
  readonly message?: string | undefined
}

/** The newest last: of those that are open it is seen, and the others wait behind it. */
let forms: readonly Form[] = []
const listeners = new Set<() => void>()

function put(next: readonly Form[]): void {
  forms = next
  for (const listen of listeners) listen()
}

function set(id: string, change: Partial<Form>): void {
  put(forms.map((one) => (one.id === id ? { ...one, ...change } : one)))
}

/**
 * Opens what somebody writes in. It belongs to no page: whatever becomes of that, and whichever form is opened after it, it is
 * there until it is closed, and so is what stands in it.
 */
export function openForm(draw: Form['draw']): void {
  put([...forms, { id: crypto.randomUUID(), draw, state: 'open', isRaised: false }])
}

/** What a message offered has come about, or is nothing any more. */
function hideMessage({ message }: Form): void {
  if (message !== undefined) hideTold(message)
}

function close(id: string): void {
  for (const one of forms) if (one.id === id) hideMessage(one)
  put(forms.filter((one) => one.id !== id))
}

function raise(id: string): void {
  const form = forms.find((one) => one.id === id)
  if (!form) return
  hideMessage(form)
  put([
    ...forms.filter((one) => one !== form),
    { ...form, state: 'open', isRaised: true, message: undefined },
  ])
}

function comeBack(id: string): (() => void) | undefined {
  const isFree = !isAnyOpen()
  set(id, { state: isFree ? 'open' : 'waiting' })
  return isFree ? undefined : () => raise(id)
}

/** What waits comes back when nothing else is open. */
function wake(): void {
  const waiting = forms.findLast(({ state }) => state === 'waiting')
  if (!waiting) return
  hideMessage(waiting)
  set(waiting.id, { state: 'open', message: undefined })
}

function subscribe(listen: () => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

whenSittingEnds(() => put([]))

/** Where forms are: once, in the shell. */
export function Forms() {
  const all = useSyncExternalStore(subscribe, () => forms)
  useEffect(() => whenNoneIsOpen(wake), [])
  const seen = all.findLast(({ state }) => state === 'open')
  return all.map((form) => <Placed key={form.id} form={form} isSeen={form === seen} />)
}

function Placed({ form, isSeen }: { readonly form: Form; readonly isSeen: boolean }) {
  const { id, draw, isRaised } = form
  const place = useMemo(
    () => ({
      ...{ isSeen, isRaised },
      leave: () => set(id, { state: 'sent' }),
      comeBack: () => comeBack(id),
      told: (message: string) => set(id, { message }),
      end: () => close(id),
    }),
    [id, isSeen, isRaised],
  )
  return (
    <FormPlaceProvider value={place}>
      <Boundary place={id} within={(broken) => <BrokenForm onClose={place.end}>{broken}</BrokenForm>}>
        <Suspense>{draw(place.end)}</Suspense>
      </Boundary>
    </FormPlaceProvider>
  )
}
