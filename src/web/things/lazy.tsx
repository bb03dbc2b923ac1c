import { type ComponentProps, lazy, Suspense } from 'react'

const Shown = lazy(async () => ({ default: (await import('./thing-history.tsx')).ThingHistory }))

/** The history of something, loaded when somebody looks at it. */
export function ThingHistory(props: ComponentProps<typeof Shown>) {
  return (
    <Suspense>
      <Shown {...props} />
    </Suspense>
  )
}
