import type { Icon } from '@tabler/icons-react'
import { Fragment, type ReactNode } from 'react'
import type { ChangeHandle } from '../../client/change.ts'
import { useFocusBack } from '../editing/focus-back.ts'
import { useOpened } from '../editing/opened.ts'
import { useReopening } from '../editing/reopening.ts'
import { Fact } from '../fact.tsx'
import type { Party } from '../person.ts'
import { Section } from '../section.tsx'
import { AddFact, FactConflict, FactTools } from './fact-tools.tsx'
import { type FactChange, newId } from './facts.ts'

/** How one of them is shown. */
export interface FactRow {
  readonly label: string
  /** By what it is named where something is done with it. */
  readonly name: string
  readonly isOver: boolean
  readonly content: ReactNode
}

/** Where one is written. */
export interface FactPlace<W> {
  /** Names what is written there among all others. */
  readonly of: string
  /** What was written before, and refused. */
  readonly typed: W | undefined
  readonly close: () => void
  /** Opens it again, where it was refused. */
  readonly reopen: (typed: W) => void
}

interface FactListProps<T extends { readonly id: number }, W> {
  readonly party: Party
  readonly title: string
  readonly addLabel: string
  readonly icon: Icon
  readonly items: readonly T[]
  readonly row: (item: T) => FactRow
  /** Writes one, or without it a new one. */
  readonly form: (item: T | undefined, place: FactPlace<W>) => ReactNode
  readonly changes: Readonly<Record<'end' | 'remove', (item: T) => FactChange>>
  readonly facts: ChangeHandle<FactChange, Party, unknown>
  readonly children?: ReactNode
}

/** Which is being written. */
interface Editing<W> {
  readonly id: number
  readonly typed?: W
}

/** @param of  names the list among all others */
function useEdited<W>(of: string, { id: party }: Party) {
  const { editing, editor, setEditing } = useOpened<Editing<W>>()
  const { place, leave, back } = useFocusBack<HTMLDivElement>()
  const reopen = useReopening<Editing<W>>(of, `/contacts/${party}`, setEditing)
  const close = (): void => {
    setEditing(undefined)
    back()
  }
  const edit = (id: number): void => {
    leave(id === newId ? '' : String(id))
    setEditing({ id })
  }
  const placeOf = (id: number): FactPlace<W> => ({
    ...{ of: `${of} ${id}`, typed: editing?.typed, close },
    reopen: (typed) => reopen({ id, typed }),
  })
  return { place, leave, back, edited: editing?.id, editor, edit, close, placeOf }
}

/** Things that are known beside the cards, each edited in its place. */
export function FactList<T extends { readonly id: number }, W>({
  party,
  items,
  ...list
}: FactListProps<T, W>) {
  const { place, leave, back, edited, editor, edit, close, placeOf } = useEdited<W>(
    `${list.title} ${party.id}`,
    party,
  )
  const mayEdit = party.cards.some(({ mayWrite }) => mayWrite)
  const formOf = (item?: T): ReactNode => (
    <Fragment key={editor}>{list.form(item, placeOf(item?.id ?? newId))}</Fragment>
  )
  const { facts, changes } = list
  if (items.length === 0 && !mayEdit) return null
  const isAdding = edited === newId
  const add = (
    <AddFact label={list.addLabel} isOpen={isAdding} onOpen={() => (isAdding ? close() : edit(newId))} />
  )
  return (
    <div ref={place}>
      <Section title={list.title} action={mayEdit && add}>
        <ul className="facts">
          {isAdding && formOf()}
          {items.map((item, index) => {
            if (edited === item.id) return formOf(item)
            const { label, name, isOver, content } = list.row(item)
            const tools = {
              onEdit: () => edit(item.id),
              onEnd: isOver ? undefined : () => facts.make(changes.end(item)),
              onRemove: () => {
                leave(String(item.id))
                facts.make(changes.remove(item))
                back()
              },
            }
            return (
              <Fact
                key={item.id}
                icon={index === 0 ? list.icon : undefined}
                label={label}
                tools={mayEdit && <FactTools edits={String(item.id)} name={name} {...tools} />}
              >
                {content}
              </Fact>
            )
          })}
        </ul>
        {list.children}
        <FactConflict party={party} conflict={facts.conflict} />
      </Section>
    </div>
  )
}
