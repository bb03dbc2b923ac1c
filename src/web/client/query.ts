import { onlineManager, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api.ts'
import { keepKnown, noteLooked, noteRead } from './stale.ts'

/** What was read, kept for a while: server-sent events say when it is to be read again. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: keepKnown, onSuccess: (_read, query) => noteRead(query) }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A line that comes and goes is waited for, however often; nothing has failed by that.
      retry: (count, error) =>
        error instanceof ApiError ? error.status >= 500 && count < 2 : count < 2 || !onlineManager.isOnline(),
    },
    // Without a line a change fails, and is offered again: it does not wait in a page that may be closed.
    mutations: { networkMode: 'always' },
  },
})

queryClient.getQueryCache().subscribe(({ type, query }) => {
  if (type === 'removed') noteRead(query)
  if (type === 'observerAdded' || type === 'observerRemoved') noteLooked()
})
