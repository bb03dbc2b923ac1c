import { useTranslation } from 'react-i18next'
import { RemoveButton } from '../remove-button.tsx'
import { wayBack } from '../removed/back.ts'
import { type Kind, pathOf } from './people.ts'

interface RemoveNamedProps {
  readonly kind: Exclude<Kind, 'user'>
  readonly name: string
  readonly displayName: string
  readonly onRemoved: () => void
}

/** Removes a group, a room or a resource, after it was asked, with a way back. */
export function RemoveNamed({ kind, name, displayName, onRemoved }: RemoveNamedProps) {
  const { t } = useTranslation('admin')
  const text = t(kind === 'group' ? 'people.removeGroup' : 'people.removeRoom')
  return (
    <RemoveButton<{ readonly removed: number | null }>
      path={pathOf(kind, name)}
      name={displayName}
      text={text}
      back={async (gone) => wayBack(gone)?.()}
      onRemoved={onRemoved}
    />
  )
}
