import { type Examples, made } from './example.ts'
import type { World } from './world.ts'

async function agreed(world: World) {
  const shows = `/parties/${world.jane}/consents`
  const { id } = await made(world, 'POST', shows, { channel: `own ${Math.random()}`, state: 'given' })
  return { path: `${shows}/${id}`, shows }
}

/** Routes about what people have agreed to. */
export const privacyExamples: Examples = {
  'POST /parties/:id/consents': async ({ jane }) => {
    const path = `/parties/${jane}/consents`
    return { path, body: { channel: 'mail', state: 'given' }, shows: path }
  },
  'PATCH /parties/:id/consents/:item': async (world) => ({
    ...{ ...(await agreed(world)), body: { state: 'withdrawn' } },
  }),
  'DELETE /parties/:id/consents/:item': agreed,
}
