import { createHash } from 'node:crypto'
import { membersOfGroups } from '../../../storage/groups.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import { databaseSecret } from '../../../storage/views/secret.ts'
import type { Session } from '../../auth/session.ts'
import { uuidFrom } from '../content-uid.ts'
import { visiblePages } from '../rights/directory.ts'
import { colleagueCard } from './colleague-card.ts'

/** Whom somebody may see. */
export interface Colleagues {
  readonly principals: readonly PrincipalRow[]
  /** The direct members of groups that he may see, by group. */
  readonly members: ReadonlyMap<PrincipalId, readonly PrincipalId[]>
  /** All that is on their cards, in short. */
  readonly madeBy: string
}

/** Changed in what is written, so that all cards are made anew. */
const generation = 1

/** @param limit  so many at most: the oldest */
export async function readColleagues(
  store: Pick<Store, 'read'>,
  session: Session,
  limit: number,
): Promise<Colleagues> {
  const principals: PrincipalRow[] = []
  for await (const page of visiblePages(store, session)) {
    principals.push(...page.slice(0, limit - principals.length))
    if (principals.length >= limit) break
  }
  const members = await membersIn(store, principals)
  const facts = principals.map(({ id, kind, name, segment, displayName, email }) => {
    const inside = members.get(id) ?? []
    return [kind, name, segment, displayName, email, ...inside]
  })
  const hash = createHash('sha256').update(JSON.stringify([generation, facts]))
  return { principals, members, madeBy: hash.digest('base64url') }
}

async function membersIn(
  store: Pick<Store, 'read'>,
  principals: readonly PrincipalRow[],
): Promise<ReadonlyMap<PrincipalId, readonly PrincipalId[]>> {
  const found = new Map<PrincipalId, PrincipalId[]>()
  const groups = principals.filter(({ kind }) => kind === 'group').map(({ id }) => id)
  if (groups.length === 0) return found
  const seen = new Set(principals.map(({ id }) => id))
  for (const { id, of } of await store.read((reader) => membersOfGroups(reader, groups))) {
    if (!seen.has(id)) continue
    const inside = found.get(of)
    if (inside) inside.push(id)
    else found.set(of, [id])
  }
  return found
}

/** Their cards, by name. The same account has the same UID for everybody. */
export async function colleagueCards(
  reader: Reader,
  { principals, members }: Colleagues,
): Promise<ReadonlyMap<string, string>> {
  const secret = (await databaseSecret(reader)).toString('base64url')
  const uids = new Map(principals.map(({ id, segment }) => [id, uuidFrom(['directory', secret, segment])]))
  const cards = new Map<string, string>()
  for (const principal of principals) {
    const uid = uids.get(principal.id) ?? ''
    const inside = (members.get(principal.id) ?? []).flatMap((id) => uids.get(id) ?? [])
    cards.set(`${uid}.vcf`, colleagueCard(principal, uid, inside))
  }
  return cards
}
