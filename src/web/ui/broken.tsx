import { Component, type ReactNode } from 'react'
import { Broken } from './states.tsx'

interface BoundaryProps {
  /** What is shown: where that changes, another page is tried. */
  readonly place: string
  /** In what it is said that it broke, where that is no page. */
  readonly within?: (broken: ReactNode, error: unknown) => ReactNode
  readonly children: ReactNode
}

interface BoundaryState {
  readonly brokenAt: string | undefined
  readonly error?: unknown
}

/** Holds a page that breaks while it is drawn: the others stay within reach. React knows this of classes alone. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { brokenAt: undefined }

  static getDerivedStateFromProps(
    { place }: BoundaryProps,
    { brokenAt }: BoundaryState,
  ): Partial<BoundaryState> | null {
    return brokenAt === '' ? { brokenAt: place } : brokenAt === place ? null : { brokenAt: undefined }
  }

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { brokenAt: '', error }
  }

  override render(): ReactNode {
    const { within = (broken) => broken, children } = this.props
    return this.state.brokenAt === undefined ? children : within(<Broken />, this.state.error)
  }
}
