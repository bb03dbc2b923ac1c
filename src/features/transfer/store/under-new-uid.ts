import { replaceUid } from '../../../../protocol/text/replace-uid.ts'
import type { Services } from '../../../services.ts'
import { bodyText } from '../../bodies.ts'
import { contentUid } from '../../content-uid.ts'
import { prepareObject } from '../../objects.ts'
import type { Waiting } from '../import-outcome.ts'

/** The item as another object beside the one that has its UID. @param seed  the same for the same item of an import */
export function underNewUid(
  item: Waiting,
  seed: string,
  settings: Services['settings'],
  now: number,
): Waiting {
  const { object, collection, notes } = item
  const uid = contentUid(Buffer.from(`${seed} ${object.uid}`))
  const body = Buffer.from(replaceUid(bodyText(object.body), object.uid, uid))
  const prepared = prepareObject(collection.kind, body, settings, now)
  return { ...item, object: { ...prepared, uid }, notes: [...notes, 'under a new UID'] }
}
