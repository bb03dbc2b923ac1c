import { Stack } from '@mantine/core'
import { useState } from 'react'
import { Failed, Loading } from '../../ui/states.tsx'
import { MoveChoice } from './move-choice.tsx'
import { MovePlace } from './move-place.tsx'
import { MoveReport } from './move-report.tsx'
import { type Place, type Sighted, useMigrations } from './moves.ts'

interface Looked {
  readonly place: Place
  readonly found: readonly Sighted[]
}

/** Moving in from another server: it is looked first what is there; then it is copied, compared, and can be undone as a whole. */
export function MoveView() {
  const [looked, setLooked] = useState<Looked>()
  const [place, setPlace] = useState<Place>({ url: 'https://', user: '', password: '' })
  const { data, error, isPending, refetch } = useMigrations()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <Stack gap="xl">
      {looked ? (
        <MoveChoice
          {...looked}
          onBack={() => setLooked(undefined)}
          onStarted={() => {
            setPlace({ ...place, password: '' })
            setLooked(undefined)
          }}
        />
      ) : (
        <MovePlace
          place={place}
          onChange={setPlace}
          onFound={(at, found) => setLooked({ place: at, found })}
        />
      )}
      {data.migrations.map((row) => (
        <MoveReport key={row.id} row={row} />
      ))}
    </Stack>
  )
}
