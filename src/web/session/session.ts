import { onlineManager, useQuery } from '@tanstack/react-query'
import {
  ApiError,
  askForCsrfToken,
  carryCsrfToken,
  get,
  type SignedIn,
  send,
  whenSignedOut,
} from '../client/api.ts'
import { queryClient } from '../client/query.ts'
import { forgetSeen, keepFor, recall } from '../client/seen.ts'
import { nearestLanguage, speak } from '../i18n/i18n.ts'

const key = ['session']

/** Tabs of one browser are signed in and out together. */
const tabs = new BroadcastChannel('farley-session')
tabs.onmessage = ({ data }: MessageEvent<'in' | 'out'>) =>
  data === 'out' ? forget() : void queryClient.invalidateQueries({ queryKey: key })

whenSignedOut(forget)
onlineManager.subscribe((isOnline) => {
  if (isOnline) void queryClient.invalidateQueries({ queryKey: key })
})

/** Who is signed in; null for nobody. While the server cannot be reached, whoever was so last, with what he saw. */
export function useSession() {
  return useQuery<SignedIn | null>({
    queryKey: key,
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
    queryFn: async ({ signal }) => {
      try {
        return await begin(await get<SignedIn>('/session', signal))
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) {
          forgetOthers()
          return null
        }
        const last = error instanceof ApiError ? undefined : await recall<SignedIn>(key)
        if (!last) throw error
        askForCsrfToken()
        await speak(nearestLanguage([last.account.language, ...navigator.languages]))
        return last
      }
    },
  })
}

/** @throws ApiError for a wrong password */
export async function signIn(name: string, password: string): Promise<void> {
  const { data } = await send<SignedIn>('POST', '/session', { body: { name, password } })
  queryClient.setQueryData(key, await begin(data))
  tabs.postMessage('in')
}

/** Ends the session here; what was read is forgotten. @throws ApiError, TypeError */
export async function signOut(): Promise<void> {
  await send('DELETE', '/session')
  tabs.postMessage('out')
  forget()
}

/** Nobody is signed in any more, and whoever comes next sees nothing of what was read. */
function forget(): void {
  forgetOthers()
  queryClient.setQueryData(key, null)
}

function forgetOthers(): void {
  void forgetSeen()
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] })
}

/** Chooses a password by a link. @throws ApiError where the link is void */
export async function choosePassword(secret: string, password: string): Promise<void> {
  await send('POST', '/password', { body: { secret, password } })
}

async function begin(session: SignedIn): Promise<SignedIn> {
  // Somebody else may have signed in, in another tab.
  const last = queryClient.getQueryData<SignedIn | null>(key)
  if (last && last.account.id !== session.account.id) forgetOthers()
  carryCsrfToken(session.csrfToken)
  await keepFor(session.account.id)
  await speak(nearestLanguage([session.account.language, ...navigator.languages]))
  return session
}
