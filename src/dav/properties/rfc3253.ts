import { dav } from '../../../protocol/dav/names.ts'
import { element } from '../../../protocol/dav/xml-write.ts'
import type { Kind } from '../resource.ts'
import { type Ask, live, type Property } from './property.ts'

/** Reports are listed from the table they are answered by. */
export const rfc3253: readonly Property[] = [
  live(dav('supported-report-set'), {
    rfc: 'RFC 3253 §3.1.5',
    on: [
      'root',
      'principals',
      'homes',
      'principal',
      'proxy',
      'calendar-home',
      'addressbook-home',
      'calendar',
      'addressbook',
      'event',
      'card',
      'file-home',
      'folder',
      'file',
    ],
    get: reports,
  }),
]

/** The content of DAV:supported-report-set. */
export function reports({ kind }: { readonly kind: Kind }, { reportsOn }: Ask): string {
  return reportsOn(kind)
    .map((name) => element(dav('supported-report'), element(dav('report'), element(name))))
    .join('')
}
