import { useQuery } from '@tanstack/react-query'
import { ApiError, carryCsrfToken, get, type SignedIn, send, whenSignedOut } from '../client/api.ts'
import { queryClient } from '../client/query.ts'
import { nearestLanguage, speak } from '../i18n/i18n.ts'

const key = ['session']

whenSignedOut(forget)

/** Who is signed in; null for nobody. */
export function useSession() {
  return useQuery<SignedIn | null>({
    queryKey: key,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      try {
        return await begin(await get<SignedIn>('/session', signal))
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }
    },
  })
}

/** @throws ApiError for a wrong password */
export async function signIn(name: string, password: string): Promise<void> {
  const { data } = await send<SignedIn>('POST', '/session', { body: { name, password } })
  queryClient.setQueryData(key, await begin(data))
}

/** Ends the session here; what was read is forgotten. @throws ApiError, TypeError */
export async function signOut(): Promise<void> {
  await send('DELETE', '/session')
  forget()
}

/** Nobody is signed in any more, and whoever comes next sees nothing of what was read. */
function forget(): void {
  queryClient.setQueryData(key, null)
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] })
}

/** Chooses a password by a link. @throws ApiError where the link is void */
export async function choosePassword(secret: string, password: string): Promise<void> {
  await send('POST', '/password', { body: { secret, password } })
}

async function begin(session: SignedIn): Promise<SignedIn> {
  carryCsrfToken(session.csrfToken)
  await speak(nearestLanguage([session.account.language, ...navigator.languages]))
  return session
}
