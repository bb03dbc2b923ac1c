import { apiRoutes } from '../../../src/api/routes.ts'
import { accountExamples } from './account.ts'
import type { Examples } from './example.ts'
import { listExamples } from './lists.ts'
import { peopleExamples } from './people.ts'
import { privacyExamples } from './privacy.ts'
import { sessionExamples } from './sessions.ts'

/** An example of every route that changes facts beside cards; one file a group of them. */
export const quietExamples: Examples = {
  ...peopleExamples,
  ...accountExamples,
  ...listExamples,
  ...privacyExamples,
  ...sessionExamples,
}

/** The routes that say of themselves that no client can notice them (law 5). */
export const quietRoutes: readonly string[] = apiRoutes
  .filter(({ affects, kind }) => kind !== 'look' && (affects === 'facts' || affects === 'nothing'))
  .map(({ method, path }) => `${method} ${path}`)
