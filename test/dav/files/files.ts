import { expect } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import type { Answer, Headers } from '../client.ts'
import type { Account } from '../server.ts'

/** What an account does among its files, or another's; paths are below the home, as on the wire. */
export interface Files {
  readonly home: string
  put(path: string, body: string | Uint8Array, headers?: Headers): Promise<Answer>
  get(path: string, headers?: Headers): Promise<Answer>
  mkcol(path: string, body?: string): Promise<Answer>
  delete(path: string, headers?: Headers): Promise<Answer>
  copy(path: string, to: string, headers?: Headers): Promise<Answer>
  move(path: string, to: string, headers?: Headers): Promise<Answer>
  /** Makes folders (`a/b/`) and files (`a/b/c`, with their path as content). */
  make(...paths: string[]): Promise<void>
  /** Everything that listings show, as paths. */
  tree(): Promise<string[]>
  /** The paths of what is directly in a folder. */
  list(path?: string): Promise<string[]>
}

export function filesOf(account: Account, home = account.files): Files {
  const request = account.request
  const transfer =
    (method: 'COPY' | 'MOVE') =>
    (path: string, to: string, headers: Headers = {}): Promise<Answer> =>
      request(method, home + path, {
        headers: { Destination: to.startsWith('/') ? to : home + to, ...headers },
      })
  const list = async (path = ''): Promise<string[]> => {
    const found = await account.propfind(home + path, 1, [dav('resourcetype')])
    return found.hrefs.slice(1).map((href) => href.slice(home.length))
  }
  return {
    home,
    put: (path, body, headers = {}) => request('PUT', home + path, { headers, body }),
    get: (path, headers = {}) => request('GET', home + path, { headers }),
    mkcol: (path, body) =>
      request(
        'MKCOL',
        home + path,
        body === undefined ? {} : { headers: { 'Content-Type': 'text/xml' }, body },
      ),
    delete: (path, headers = {}) => request('DELETE', home + path, { headers }),
    copy: transfer('COPY'),
    move: transfer('MOVE'),
    async make(...paths) {
      for (const path of paths) {
        const answer = path.endsWith('/')
          ? await request('MKCOL', home + path)
          : await request('PUT', home + path, { body: path })
        expect(answer.status, `${path}: ${answer.text}`).toBe(201)
      }
    },
    list,
    async tree() {
      const found: string[] = []
      const waiting = ['']
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        const inside = await list(path)
        found.push(...inside)
        waiting.push(...inside.filter((one) => one.endsWith('/')))
      }
      return found.toSorted()
    },
  }
}
