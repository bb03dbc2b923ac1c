import { carddav } from '../../../protocol/dav/names.ts'
import { textOf } from '../../../protocol/dav/xml-read.ts'
import { escapeText, hrefElement } from '../../../protocol/dav/xml-write.ts'
import { homePath } from '../paths.ts'
import { addressData } from './address-data.ts'
import { live, type Property } from './property.ts'
import { collationSet } from './rfc4791.ts'

/** Address books. */
export const rfc6352: readonly Property[] = [
  live(carddav('addressbook-home-set'), {
    rfc: 'RFC 6352 §7.1.1',
    on: ['principal'],
    // Only people have address books.
    get: ({ principal }) =>
      principal.kind === 'user' ? hrefElement(homePath('addressbooks', principal.segment)) : undefined,
  }),
  live(carddav('addressbook-description'), {
    rfc: 'RFC 6352 §6.2.1',
    on: ['addressbook'],
    get: ({ row }) => (row.description === null ? undefined : escapeText(row.description)),
    set: (value) => ({ description: value ? textOf(value) : null }),
  }),
  // 3.0 comes first (MIN-34), 4.0 since it is given to whoever asks and 3.0 to all others (DVX-09), jCard as reports give it.
  live(carddav('supported-address-data'), {
    rfc: 'RFC 6352 §6.2.2',
    on: ['addressbook'],
    get: () =>
      '<card:address-data-type content-type="text/vcard" version="3.0"/>' +
      '<card:address-data-type content-type="text/vcard" version="4.0"/>' +
      '<card:address-data-type content-type="application/vcard+json" version="4.0"/>',
  }),
  live(carddav('supported-collation-set'), {
    rfc: 'RFC 6352 §8.3.1',
    on: ['addressbook'],
    get: () => collationSet(carddav),
  }),
  live(carddav('max-resource-size'), {
    rfc: 'RFC 6352 §6.2.3',
    on: ['addressbook'],
    get: (_, { settings }) => String(settings.limits.bodyBytes),
  }),
  addressData,
]
