import { look, type Route } from '../../api/route.ts'
import { findAll } from './find.ts'
import { lookUpMail, lookUpNumber } from './lookup.ts'
import { lookupQuery, lookupReply, searchQuery, searchReply } from './schema.ts'

const scope = 'people'

export const searchRoutes: readonly Route[] = [
  look(
    {
      method: 'GET',
      path: '/search',
      summary: 'People, companies, events and notes by any part of what is known of them, the best first',
      scope,
    },
    { query: searchQuery, reply: searchReply },
    async (call) => {
      const { q, kinds, limit } = call.query
      return { body: { items: await findAll(call, call.session, { text: q, kinds, limit }) } }
    },
  ),
  look(
    { method: 'GET', path: '/lookup', summary: 'Who has a telephone number, or a mail address', scope },
    { query: lookupQuery, reply: lookupReply },
    async (call) => {
      const { number, mail = '' } = call.query
      const items =
        number === undefined
          ? await lookUpMail(call, call.session, mail)
          : await lookUpNumber(call, call.session, number)
      return { body: { items } }
    },
  ),
]
