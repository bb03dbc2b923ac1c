import { readTime } from '../../../protocol/ical/values.ts'

/** One change of clocks: epoch milliseconds UTC, and offsets in milliseconds. */
export interface Edge {
  readonly zone: string
  readonly at: number
  readonly before: number
  readonly after: number
}

/** As zdump tells them from the time zone database (2025b), independently of what is tested: minutes east of UTC. */
const table: readonly (readonly [zone: string, at: string, before: number, after: number])[] = [
  ['Europe/Berlin', '20260329T010000Z', 60, 120],
  ['Europe/Berlin', '20261025T010000Z', 120, 60],
  ['Europe/London', '20260329T010000Z', 0, 60],
  ['Europe/London', '20261025T010000Z', 60, 0],
  ['Europe/Dublin', '20260329T010000Z', 0, 60],
  ['Europe/Dublin', '20261025T010000Z', 60, 0],
  ['Europe/Istanbul', '20160327T010000Z', 120, 180],
  ['America/New_York', '20260308T070000Z', -300, -240],
  ['America/New_York', '20261101T060000Z', -240, -300],
  ['America/St_Johns', '20260308T053000Z', -210, -150],
  ['America/St_Johns', '20261101T043000Z', -150, -210],
  ['America/Sao_Paulo', '20180218T020000Z', -120, -180],
  ['America/Sao_Paulo', '20181104T030000Z', -180, -120],
  ['America/Santiago', '20260405T030000Z', -180, -240],
  ['America/Santiago', '20260906T040000Z', -240, -180],
  ['America/Havana', '20260308T050000Z', -300, -240],
  ['America/Havana', '20261101T050000Z', -240, -300],
  ['America/Nuuk', '20240331T010000Z', -120, -60],
  ['America/Nuuk', '20241027T010000Z', -60, -120],
  ['America/Caracas', '20160501T070000Z', -270, -240],
  ['America/Asuncion', '20240324T030000Z', -180, -240],
  ['Africa/Casablanca', '20260215T020000Z', 60, 0],
  ['Africa/Casablanca', '20260322T020000Z', 0, 60],
  ['Africa/Cairo', '20260423T220000Z', 120, 180],
  ['Africa/Cairo', '20261029T210000Z', 180, 120],
  ['Asia/Jerusalem', '20260327T000000Z', 120, 180],
  ['Asia/Jerusalem', '20261024T230000Z', 180, 120],
  ['Asia/Beirut', '20260328T220000Z', 120, 180],
  ['Asia/Beirut', '20261024T210000Z', 180, 120],
  ['Asia/Tehran', '20210321T203000Z', 210, 270],
  ['Asia/Tehran', '20210921T193000Z', 270, 210],
  ['Asia/Kathmandu', '19851231T183000Z', 330, 345],
  ['Asia/Pyongyang', '20150814T150000Z', 540, 510],
  ['Asia/Pyongyang', '20180504T150000Z', 510, 540],
  ['Australia/Lord_Howe', '20260404T150000Z', 660, 630],
  ['Australia/Lord_Howe', '20261003T153000Z', 630, 660],
  ['Australia/Adelaide', '20260404T163000Z', 630, 570],
  ['Australia/Adelaide', '20261003T163000Z', 570, 630],
  ['Pacific/Chatham', '20260404T140000Z', 825, 765],
  ['Pacific/Chatham', '20260926T140000Z', 765, 825],
  ['Pacific/Apia', '20110402T140000Z', -600, -660],
  ['Pacific/Apia', '20110924T140000Z', -660, -600],
  ['Pacific/Apia', '20111230T100000Z', -600, 840],
  ['Pacific/Kwajalein', '19930821T120000Z', -720, 720],
  ['Pacific/Norfolk', '20191005T150000Z', 660, 720],
  ['Antarctica/Troll', '20260329T010000Z', 0, 120],
  ['Antarctica/Troll', '20261025T010000Z', 120, 0],
  ['Atlantic/Azores', '20260329T010000Z', -60, 0],
  ['Atlantic/Azores', '20261025T010000Z', 0, -60],
]

const minuteMs = 60_000

export const edges: readonly Edge[] = table.map(([zone, at, before, after]) => ({
  zone,
  at: readTime(at).wall,
  before: before * minuteMs,
  after: after * minuteMs,
}))

/** The wall time in the middle of what is left out, or comes twice. */
export function middleOf({ at, before, after }: Edge): number {
  const middle = at + (before + after) / 2
  return middle - (middle % minuteMs)
}

/**
 * The instant of a wall time near an edge: in a gap with the offset before it, of two the first.
 * @see RFC 5545 §3.3.5
 */
export function instantNear({ at, before, after }: Edge, wall: number): number {
  return wall - (wall < at + Math.max(before, after) ? before : after)
}
