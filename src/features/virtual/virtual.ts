export { beginFilling, fillJobKind, runFilling } from './fill-work.ts'
export { type CopyingServices, copyAll, copyMore, followVirtual } from './follow.ts'
export { labelDefinition, labelsIn } from './label-definition.ts'
export { dropVirtualBook, makeVirtualBook, type NewVirtualBook } from './make.ts'
export { patchThrough } from './patch-through.ts'
export { nameVirtualPeople } from './people.ts'
export { readyOwnBooks, readyTwins, type Seeable, type SeenBook, seenBooks } from './ready.ts'
export { dropStrays, reviewMasks } from './review.ts'
export type { Candidates, Changed, VirtualSource } from './source.ts'
export { kindsThatChangeWithTime } from './sources.ts'
export {
  bookBehind,
  deleteThrough,
  masksOn,
  moveThrough,
  type SourceCard,
  sourceOfCopy,
  storeThrough,
} from './through.ts'
