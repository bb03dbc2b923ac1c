import { lazy, Suspense } from 'react'
import { Loading } from '../ui/states.tsx'

const PersonPage = lazy(async () => ({ default: (await import('../person/person-page.tsx')).PersonPage }))

/** Somebody, or a company; the list is there before it is loaded how one looks. */
export function PartyView({ id }: { readonly id: number }) {
  return (
    <Suspense fallback={<Loading />}>
      <PersonPage id={id} />
    </Suspense>
  )
}
