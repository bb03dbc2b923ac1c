import type { PrincipalId } from '../../../storage/ids.ts'
import { type ChangedTraits, setAccountTraits } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import { birthdaysJob } from '../birthdays/birthdays.ts'

/** Changes the language of an account, its time zone and what it may; a job says what is made in its language anew. */
export async function changeTraits(tx: Writer, id: PrincipalId, traits: ChangedTraits): Promise<void> {
  await setAccountTraits(tx, id, traits)
  if (traits.language !== undefined) await scheduleJob(tx, birthdaysJob, tx.now)
}
