import { cs } from '../../../protocol/dav/names.ts'
import { readPrincipalSearch } from '../../../protocol/dav/principal-reports.ts'
import { answerMatching, checkConditionCount, requireDepth0 } from '../principals/answer.ts'
import { tokenMatcher } from '../principals/searchable.ts'
import type { Report } from './report.ts'

/** Principals by what people type while they invite somebody, as macOS and iOS ask (Attendee search). */
export const principalSearch: Report = {
  name: cs('calendarserver-principal-search'),
  rfc: 'calendarserver-principal-search',
  on: ['root', 'principals', 'principal'],
  answer: async (call, resource, body) => {
    requireDepth0(call)
    const search = readPrincipalSearch(body)
    checkConditionCount(call, search.tokens.length)
    return answerMatching(call, resource, tokenMatcher(search), search)
  },
}
