import { useMutation, useQuery } from '@tanstack/react-query'
import { createElement, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type {
  migrationFound,
  migrationList,
  migrationPlace,
  migrationState,
  newMigration,
} from '../../../features/migration/api/schema.ts'
import { ApiError, get, send } from '../../client/api.ts'
import { queryClient } from '../../client/query.ts'
import { Refused, tellFailed } from '../../ui/toast.tsx'

export type Migration = z.infer<typeof migrationState>
export type Place = z.infer<typeof migrationPlace>
export type Sighted = z.infer<typeof migrationFound>['collections'][number]
/** Stands for a collection that is made for what comes: no name is like it. */
export const newOne = '/new'

type Wish = z.input<typeof newMigration>

const pollMs = 1_500

/** What was moved in, asked for again and again while something of it runs. */
export function useMigrations() {
  return useQuery({
    queryKey: ['migrations'],
    queryFn: ({ signal }) => get<z.infer<typeof migrationList>>('/migrations', signal),
    refetchInterval: ({ state }) =>
      state.data?.migrations.some(({ isActive, state: now }) => isActive || now === 'undoing')
        ? pollMs
        : false,
  })
}

const readAgain = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['migrations'] })

/** Looks what there is on another server. */
export function useLook(onFound: (place: Place, found: readonly Sighted[]) => void) {
  return useMutation({
    mutationFn: (place: Place) =>
      send<z.infer<typeof migrationFound>>('POST', '/migrations/discover', { body: place }),
    onSuccess: ({ data }, place) => onFound(place, data.collections),
  })
}

export function useStart(onStarted: () => void) {
  return useMutation({
    mutationFn: (wish: Wish) => send<Migration>('POST', '/migrations', { body: wish }),
    onSuccess: onStarted,
    onSettled: readAgain,
  })
}

/** Stops, pauses or undoes. */
export function useAct(id: number) {
  return useMutation({
    mutationFn: (what: 'stop' | 'pause' | 'undo') => send<Migration>('POST', `/migrations/${id}/${what}`),
    onError: tellFailed,
    onSettled: readAgain,
  })
}

/** Goes on with what was paused, with the password where that is asked for. */
export function useGoOn(id: number, onDone: () => void) {
  return useMutation({
    mutationFn: (password?: string) =>
      send<Migration>('POST', `/migrations/${id}/go-on`, {
        body: password === undefined ? {} : { password },
      }),
    onSuccess: onDone,
    onSettled: readAgain,
  })
}

const reasons = [
  ...(['address', 'unreachable', 'certificate', 'tls', 'private', 'password'] as const),
  ...(['sign-in', 'redirect', 'no-dav', 'empty', 'busy'] as const),
] as const

/** Why another server gives nothing, and what can be done about it, in the language of the page. */
export function useReason(): (error: unknown, url: string) => ReactNode {
  const { t } = useTranslation('import')
  return (error, url) => {
    if (!(error instanceof ApiError)) return t('states.unreachable')
    const reason = reasons.find((one) => one === error.problem.reason)
    const host = URL.canParse(url) ? new URL(url).host : url
    return reason === undefined ? createElement(Refused, { error }) : t(`moving.failed.${reason}`, { host })
  }
}
