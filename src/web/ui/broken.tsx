import { Component, type ReactNode } from 'react'
import { Broken } from './states.tsx'

interface BoundaryProps {
  /** What is shown: where that changes, another page is tried. */
  readonly place: string
  readonly children: ReactNode
}

interface BoundaryState {
  readonly brokenAt: string | undefined
}

/** Holds a page that breaks while it is drawn: the others stay within reach. React knows this of classes alone. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { brokenAt: undefined }

  static getDerivedStateFromProps(
    { place }: BoundaryProps,
    { brokenAt }: BoundaryState,
  ): BoundaryState | null {
    return brokenAt === '' ? { brokenAt: place } : brokenAt === place ? null : { brokenAt: undefined }
  }

  static getDerivedStateFromError(): BoundaryState {
    return { brokenAt: '' }
  }

  override render(): ReactNode {
    return this.state.brokenAt === undefined ? this.props.children : <Broken />
  }
}
