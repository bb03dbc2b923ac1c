import type { Examples } from './example.ts'

/** Lists of people that are saved. */
export const listExamples: Examples = {
  'POST /lists': async () => ({
    path: '/lists',
    body: { name: 'Quiet', filter: { all: [] } },
    shows: '/lists',
  }),
}
