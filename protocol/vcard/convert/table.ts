import { addressLabels, position, timezone } from './addresses.ts'
import { alternatives, atMostOnce } from './alternatives.ts'
import { anniversary, birthday, labelledDates, revision } from './anniversaries.ts'
import type { Conversion } from './conversion.ts'
import { mediaFiles } from './media.ts'
import { moreComponents, required, sorting, version } from './names.ts'
import { leftovers, parameters, preference } from './parameters.ts'
import { agent, gender, kind, related } from './people.ts'
import { messaging, socialProfiles } from './services.ts'
import { escapes, removed, telephone, unchanged } from './values.ts'

/**
 * How a card of one version becomes one of the other: from 3.0 to 4.0 row after row, from 4.0 to 3.0 the other way
 * about. Rows that make or read lines of others stand between them: parameters first, what 4.0 demands last.
 */
export const conversions: readonly Conversion[] = [
  leftovers,
  preference,
  parameters,
  version,
  agent,
  related,
  kind,
  gender,
  birthday,
  anniversary,
  labelledDates,
  revision,
  messaging,
  socialProfiles,
  addressLabels,
  position,
  timezone,
  mediaFiles,
  telephone,
  sorting,
  moreComponents,
  removed,
  escapes,
  alternatives,
  atMostOnce,
  required,
  unchanged,
]
