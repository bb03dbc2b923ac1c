import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ownCapabilities } from '../../features/team/schema.ts'
import { get } from './api.ts'

export type Capability = z.infer<typeof ownCapabilities>['capabilities'][number]

/** What whoever is signed in may do. */
export function useCapabilities() {
  return useQuery({
    queryKey: ['capabilities'],
    queryFn: ({ signal }) => get<z.infer<typeof ownCapabilities>>('/capabilities', signal),
  })
}
