import { useSyncExternalStore } from 'react'
import { whenSittingEnds } from '../session/sitting.ts'
import { late } from './dialog/late.tsx'

/** What cannot be asked is not meant. */
const QuestionDialog = late(
  async () => (await import('./dialog/question.tsx')).QuestionDialog,
  ({ answer }: Asked) => answer(false),
)

/** What is asked before something that no undo takes back. */
export interface Question {
  readonly title: string
  readonly text: string
  /** What the button does: "Delete", never "OK". */
  readonly act: string
  readonly isDangerous?: boolean
}

interface Asked extends Question {
  readonly answer: (isMeant: boolean) => void
}

let asked: Asked | undefined
const listeners = new Set<() => void>()

function put(next: Asked | undefined): void {
  asked = next
  for (const listen of listeners) listen()
}

whenSittingEnds(() => asked?.answer(false))

/** Asks, and gives the answer. What can be taken back is done without asking, with an undo in its message. */
export function confirmed(question: Question): Promise<boolean> {
  asked?.answer(false)
  return new Promise((resolve) => {
    put({
      ...question,
      answer: (isMeant) => {
        put(undefined)
        resolve(isMeant)
      },
    })
  })
}

function subscribe(listen: () => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

/** Where questions are shown: once, in the shell. */
export function Confirming() {
  const question = useSyncExternalStore(subscribe, () => asked)
  return question && <QuestionDialog {...question} />
}
