import type { Operation } from '../operation.ts'
import type { World } from '../world.ts'
import { bodyOperations } from './bodies.ts'
import { listingOperations } from './listing.ts'
import { queryOperations } from './queries.ts'
import { syncOperations } from './sync.ts'
import { writeOperations } from './writes.ts'

/** All rows of the table, reading ones first. */
export function allOperations(world: World): Operation[] {
  return [
    ...bodyOperations(world),
    ...queryOperations(world),
    ...listingOperations(world),
    ...syncOperations(world),
    ...writeOperations(world),
  ]
}
