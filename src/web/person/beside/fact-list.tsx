import type { Icon } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { ChangeHandle } from '../../client/change.ts'
import { useFocusBack } from '../editing/focus-back.ts'
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

interface FactListProps<T extends { readonly id: number }> {
  readonly party: Party
  readonly title: string
  readonly addLabel: string
  readonly icon: Icon
  readonly items: readonly T[]
  readonly row: (item: T) => FactRow
  /** Writes one, or without it a new one. */
  readonly form: (item: T | undefined, close: () => void) => ReactNode
  readonly changes: Readonly<Record<'end' | 'remove', (item: T) => FactChange>>
  readonly facts: ChangeHandle<FactChange, Party, unknown>
  readonly children?: ReactNode
}

/** Things that are known beside the cards, each edited in its place. */
export function FactList<T extends { readonly id: number }>({ party, items, ...list }: FactListProps<T>) {
  const [edited, setEdited] = useState<number>()
  const mayEdit = party.cards.some(({ mayWrite }) => mayWrite)
  const { place, leave, back } = useFocusBack<HTMLDivElement>()
  const edit = (id: number): void => {
    leave(id === newId ? '' : String(id))
    setEdited(id)
  }
  const close = (): void => {
    setEdited(undefined)
    back()
  }
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
          {isAdding && list.form(undefined, close)}
          {items.map((item, index) => {
            if (edited === item.id) return list.form(item, close)
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
