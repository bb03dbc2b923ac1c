import { Stack } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { Hierarchy } from './beside/hierarchy.tsx'
import { Memberships } from './beside/memberships.tsx'
import { Places } from './beside/places.tsx'
import { Relations } from './beside/relations.tsx'
import { Staff } from './beside/staff.tsx'
import { CardValues } from './card/card-values.tsx'
import { CustomFields } from './fields/custom-fields.tsx'
import type { Card, Party } from './person.ts'

const Consents = lazy(async () => ({ default: (await import('../consents/consent-section.tsx')).Consents }))
const KeepInTouch = lazy(async () => ({ default: (await import('../touch/keep-in-touch.tsx')).KeepInTouch }))
const SeenBy = lazy(async () => ({ default: (await import('../sharing/person/seen-by.tsx')).SeenBy }))

interface DetailsProps {
  readonly party: Party
  readonly cards: readonly Card[]
}

/** What the cards say, and what is known beside them. */
export function Details({ party, cards }: DetailsProps) {
  return (
    <Stack gap="lg">
      <CardValues party={party} cards={cards} />
      <CustomFields party={party} cards={cards} />
      {party.kind === 'org' && <Staff party={party} />}
      {party.kind === 'org' && <Hierarchy party={party} />}
      <Memberships party={party} />
      <Relations party={party} />
      <Suspense>
        <KeepInTouch party={party} />
        <Consents party={party} cards={cards} />
      </Suspense>
      <Places party={party} />
      <Suspense>
        <SeenBy party={party} />
      </Suspense>
    </Stack>
  )
}
