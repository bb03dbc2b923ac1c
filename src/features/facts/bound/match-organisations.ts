import { fold } from '../../../../protocol/text/fold.ts'
import { plainName } from '../../../../protocol/vcard/bound/read-bound.ts'
import { type Found, organisationsAt, partiesCalled } from '../../../../storage/facts/bound-rows.ts'
import type { PartyId, PrincipalId } from '../../../../storage/ids.ts'
import type { Reader } from '../../../../storage/store.ts'

/** The organisation that a name means, or those that it may mean. */
export interface OrgMatch {
  readonly only: PartyId | undefined
  readonly candidates: readonly PartyId[]
}

/** An employer as a card names it, and the mail addresses of that card. */
export interface NamedEmployer {
  readonly orgName: string
  readonly mails: readonly string[]
}

/** Mail providers whose domain says nothing of an employer. */
const providers = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com mac.com aol.com gmx.de gmx.net
  web.de t-online.de freenet.de posteo.de mailbox.org proton.me protonmail.com free.fr orange.fr laposte.net libero.it
  mail.ru yandex.ru qq.com 163.com fastmail.com zoho.com`.split(/\s+/),
)
/** Candidates that are told of one employer. */
const mostCandidates = 5

/**
 * Which organisations in the books of an account are meant: the one that is called so; else the one whose mail domain the
 * card has, where both names begin alike. Others in that domain are candidates: an old address often outlives the job.
 */
export async function organisationMatcher(
  reader: Reader,
  account: PrincipalId,
  employers: readonly NamedEmployer[],
): Promise<(employer: NamedEmployer) => OrgMatch> {
  const named = employers.filter(({ orgName }) => orgName !== '')
  const names = [...new Set(named.map(({ orgName }) => fold(orgName)))]
  const domains = [...new Set(named.flatMap(({ mails }) => domainsOf(mails)))]
  const called = names.length === 0 ? [] : await partiesCalled(reader, account, 'org', names)
  const at = domains.length === 0 ? [] : await organisationsAt(reader, account, domains)
  return (employer) => {
    const [same, neighbours] = [
      idsOf(called, [fold(employer.orgName)]),
      at.filter(({ folded }) => domainsOf(employer.mails).includes(folded)),
    ]
    if (same.length > 0) return found(same)
    const [first] = plainName(employer.orgName).split(' ')
    const alike = neighbours.filter(({ name }) => plainName(name).split(' ')[0] === first)
    if (new Set(alike.map(({ partyId }) => partyId)).size === 1) return found(idsOf(alike))
    return { only: undefined, candidates: idsOf(neighbours).slice(0, mostCandidates) }
  }
}

function found(ids: readonly PartyId[]): OrgMatch {
  const [first, ...others] = ids
  return { only: others.length === 0 ? first : undefined, candidates: ids.slice(0, mostCandidates) }
}

function idsOf(rows: readonly Found[], folded?: readonly string[]): PartyId[] {
  const meant = folded ? rows.filter((row) => folded.includes(row.folded)) : rows
  return [...new Set(meant.map(({ partyId }) => partyId))]
}

function domainsOf(mails: readonly string[]): string[] {
  return mails.flatMap((mail) => {
    const domain = fold(mail).split('@')[1]?.trim() ?? ''
    return domain === '' || providers.has(domain) ? [] : [domain]
  })
}
