import { useTranslation } from 'react-i18next'
import { RemoveButton } from '../remove-button.tsx'
import { type Kind, pathOf } from './people.ts'

interface RemoveNamedProps {
  readonly kind: Exclude<Kind, 'user'>
  readonly name: string
  readonly displayName: string
  readonly onRemoved: () => void
}

/** Removes a group, a room or a resource, after it was asked: nothing brings it back. What holds anything stays. */
export function RemoveNamed({ kind, name, displayName, onRemoved }: RemoveNamedProps) {
  const { t } = useTranslation('admin')
  const text = t(kind === 'group' ? 'people.removeGroup' : 'people.removeRoom')
  return <RemoveButton path={pathOf(kind, name)} name={displayName} text={text} onRemoved={onRemoved} />
}
