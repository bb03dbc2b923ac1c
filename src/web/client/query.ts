import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './api.ts'

/** What was read, kept for a while: server-sent events say when it is to be read again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => !(error instanceof ApiError && error.status < 500) && count < 2,
    },
    // Without a line a change fails, and is offered again: it does not wait in a page that may be closed.
    mutations: { networkMode: 'always' },
  },
})
