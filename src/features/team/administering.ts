import type { Reader, Writer } from '../../../storage/store.ts'
import {
  type Answer,
  type ApiCall,
  type ChangeCall,
  type ChangeRoute,
  change,
  type Described,
  type LookRoute,
  look,
  type Schemas,
  type Shown,
} from '../../api/route.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { mustMay } from './team-roles.ts'

const scope = 'admin'

type Looked = Pick<Described, 'path' | 'summary'>
type Changed = Pick<Described, 'method' | 'path' | 'summary' | 'isSecret'>

/** What whoever runs the place looks at; a token for `admin` does so too. */
export function adminLook<Query = undefined, Reply = never>(
  described: Looked,
  schemas: Schemas<undefined, Query, Reply>,
  answer: (reader: Reader, call: ApiCall<undefined, Query>) => Promise<Answer<Shown<Reply>>>,
): LookRoute {
  return look({ method: 'GET', scope, ...described }, schemas, (call) =>
    call.store.read(async (reader) => {
      await mustMay(reader, call.session, 'administer')
      return answer(reader, call)
    }),
  )
}

/**
 * Who is here, and who may do what: changed by whoever runs the place, in person. It would outlive the password of a device,
 * or a token, that was stolen.
 */
export function adminChange<Body = undefined, Query = undefined, Reply = never>(
  described: Changed,
  schemas: Schemas<Body, Query, Reply>,
  answer: (tx: Writer, call: ChangeCall<Body, Query>) => Promise<Answer<Shown<Reply>>>,
): ChangeRoute {
  return adminAct(described, schemas, async (tx, call) => {
    mustBeInPerson(call.session)
    return answer(tx, call)
  })
}

/** What whoever runs the place has done that gives nobody anything: a job hurried, a mail sent again. */
export function adminAct<Body = undefined, Query = undefined, Reply = never>(
  described: Changed,
  schemas: Schemas<Body, Query, Reply>,
  answer: (tx: Writer, call: ChangeCall<Body, Query>) => Promise<Answer<Shown<Reply>>>,
): ChangeRoute {
  return change({ scope, affects: 'other', ...described }, schemas, async (tx, call) => {
    await mustMay(tx, call.session, 'administer')
    return answer(tx, call)
  })
}
