import { type ComponentType, lazy, Suspense, useEffect, useEffectEvent } from 'react'
import { Boundary } from '../broken.tsx'
import { tellFailed } from '../toast.tsx'

/**
 * What is loaded when it is shown for the first time, and belongs to no page. Where it cannot be loaded or drawn a message says
 * so, all else stays as it is, and the next time it is loaded anew.
 * @param end  closes it
 */
export function late<P extends object>(
  load: () => Promise<ComponentType<P>>,
  end: (props: P) => void,
): ComponentType<P> {
  const begin = () => lazy(async () => ({ default: await load() })) as ComponentType<P>
  let Part = begin()
  return (props) => (
    <Boundary
      place="part"
      within={(_broken, error) => (
        <Failing
          error={error}
          onFailed={() => {
            Part = begin()
            end(props)
          }}
        />
      )}
    >
      <Suspense>
        <Part {...props} />
      </Suspense>
    </Boundary>
  )
}

function Failing({ error, onFailed }: { readonly error: unknown; readonly onFailed: () => void }) {
  const fail = useEffectEvent(() => {
    tellFailed(error)
    onFailed()
  })
  useEffect(() => fail(), [])
  return null
}
