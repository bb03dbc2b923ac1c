import { carddav } from '../../../protocol/dav/names.ts'
import { multiget } from './multiget.ts'
import type { Report } from './report.ts'

export const addressbookMultiget: Report = {
  name: carddav('addressbook-multiget'),
  rfc: 'RFC 6352 §8.7',
  on: ['addressbook', 'card', 'addressbook-home'],
  answer: (call, resource, body) => multiget(call, resource, 'addressbook', body),
}
