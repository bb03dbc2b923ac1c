import { Anchor } from '@mantine/core'
import { Link } from 'wouter'

interface PartyLinkProps {
  readonly to: { readonly id: number; readonly name: string } | null
  /** What is shown where it is nobody whom one sees. */
  readonly name?: string
}

/** The way to another person or company. */
export function PartyLink({ to, name = '' }: PartyLinkProps) {
  if (!to) return <span>{name}</span>
  return (
    <Anchor component={Link} href={`/contacts/${to.id}`} size="sm">
      {to.name}
    </Anchor>
  )
}
