import { type ComponentProps, lazy, Suspense } from 'react'

const OfThing = lazy(async () => ({ default: (await import('./thing-history.tsx')).ThingHistory }))
const OfObject = lazy(async () => ({ default: (await import('./object-history.tsx')).ObjectHistory }))

/** The history of something, loaded when somebody looks at it. */
export function ThingHistory(props: ComponentProps<typeof OfThing>) {
  return (
    <Suspense>
      <OfThing {...props} />
    </Suspense>
  )
}

/** That of an event or a task. */
export function ObjectHistory(props: ComponentProps<typeof OfObject>) {
  return (
    <Suspense>
      <OfObject {...props} />
    </Suspense>
  )
}
