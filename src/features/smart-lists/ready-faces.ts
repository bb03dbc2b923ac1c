import type { Session } from '../../auth/session.ts'
import { reachOf } from '../people/reach.ts'
import { type CopyingServices, readyTwins } from '../virtual/virtual.ts'

/** Has what stands for books of which whoever asks does not see all: by that it is decided who is in a list. */
export async function readyFaces(call: CopyingServices & { readonly session: Session }): Promise<void> {
  const { books } = await call.store.read((reader) => reachOf(reader, call.session))
  await readyTwins(
    call,
    call.session,
    books.flatMap(({ row }) => (row.principalId === call.session.principal.id ? [] : row)),
  )
}
