import type { FactRevisionRow } from '../../../storage/history/fact-revisions.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { cadenceFact } from '../cadence/cadence-fact.ts'
import { consentFact } from '../consents/fact-kinds.ts'
import { partyFacts } from '../facts/fact-kinds.ts'
import { fieldFact } from '../fields/field-history.ts'
import type { Asking } from '../people/asking.ts'
import { activityFact, linkFact } from '../timeline/fact-kinds.ts'
import type { FactState } from './history.ts'

/** A fact that is to be again as it was before a change. */
export interface FactRestore extends Asking {
  readonly partyId: PartyId
  readonly otherId: PartyId | undefined
  readonly key: string
  /** What it is to be; undefined where it is to be taken away. */
  readonly before: FactState | undefined
  /** What the change had made of it; undefined where that had taken it away. */
  readonly after: FactState | undefined
  readonly origin: Origin
}

/** How the history treats one kind of fact. */
export interface FactKind {
  /** As in the changes that are recorded. */
  readonly kind: string
  /** What people call it: `role`, `note`. */
  readonly label: string
  /**
   * Whether a change is shown to somebody who reads the cards of whom it is about: a private note is shown to its author
   * alone. Without it everybody who reads those is shown it.
   */
  readonly isShown?: (session: Session, states: Pick<FactRestore, 'before' | 'after'>) => boolean
  /** The keys of those of some facts of which the caller is shown nothing by now, whatever they were then. */
  readonly closedTo?: (
    reader: Reader,
    session: Session,
    revisions: readonly FactRevisionRow[],
  ) => Promise<ReadonlySet<string>>
  /** Whether it is of one account alone, who only needs to see somebody for it; others may write his cards to change it. */
  readonly isOwn?: boolean
  /** Where a state names people, by their ids: whoever does not see all of them is not shown it. */
  readonly names?: readonly string[]
  /** Properties of cards that say it too: from whom they are hidden, it is hidden. */
  readonly properties?: readonly string[]
  /**
   * Brings a state back as an ordinary change, which is recorded like others. What is already so stays.
   * @throws refusal  where it cannot be, with a sentence that says why
   */
  readonly restore: (
    tx: Writer,
    restore: FactRestore,
    services: Pick<Services, 'settings' | 'newId' | 'now'>,
  ) => Promise<void>
}

/** Every kind of fact that has a history. One that is new is a line here, from the main file of its feature. */
export const factKinds: readonly FactKind[] = [
  ...[fieldFact, activityFact, linkFact, consentFact, cadenceFact],
  ...partyFacts,
]
