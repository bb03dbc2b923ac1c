import { dav } from '../../../protocol/dav/names.ts'
import { element } from '../../../protocol/dav/xml-write.ts'
import { live, type Property } from './property.ts'

/** Reports are listed from the table they are answered by. */
export const rfc3253: readonly Property[] = [
  live(dav('supported-report-set'), {
    rfc: 'RFC 3253 §3.1.5',
    on: [
      'root',
      'principals',
      'homes',
      'principal',
      'calendar-home',
      'addressbook-home',
      'calendar',
      'addressbook',
      'event',
      'card',
    ],
    get: ({ kind }, { reportsOn }) =>
      reportsOn(kind)
        .map((name) => element(dav('supported-report'), element(dav('report'), element(name))))
        .join(''),
  }),
]
