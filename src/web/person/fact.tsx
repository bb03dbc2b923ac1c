import { Text } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface FactProps {
  readonly icon?: Icon | undefined
  readonly label: string
  readonly tools?: ReactNode
  readonly children: ReactNode
}

/** One thing that is known: what it is, what it says, what can be done with it. */
export function Fact({ icon: Sign, label, tools, children }: FactProps) {
  return (
    <li className="fact">
      <span className="fact-icon">{Sign && <Sign size={18} aria-hidden />}</span>
      <Text component="span" size="sm" className="fact-label">
        {label}
      </Text>
      <Text component="div" size="sm" className="fact-value">
        {children}
      </Text>
      <span className="fact-tools not-printed">{tools}</span>
    </li>
  )
}
