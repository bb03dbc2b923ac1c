import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  connection,
  deviceList,
  deviceState,
  madeDevice,
  setupLink,
} from '../../../features/devices/schema.ts'
import { get } from '../../client/api.ts'

export type Device = z.infer<typeof deviceList>['devices'][number]
export type DeviceState = z.infer<typeof deviceState>
export type MadeDevice = z.infer<typeof madeDevice>
export type SetupLink = z.infer<typeof setupLink>
export type ConnectionSteps = z.infer<typeof connection>['steps']

/** The kinds that somebody chooses from; which way DAVx5 keeps groups is told in the steps. */
export const kinds = [
  ...(['apple', 'davx5', 'thunderbird', 'evolution', 'kde', 'outlook', 'vdirsyncer', 'other'] as const),
] as const
export type Kind = (typeof kinds)[number]

/** What the server knows it as: of what it does not know by name it finds out, or has nothing to do. */
export function kindSent(kind: Kind): string {
  if (kind === 'vdirsyncer') return 'other'
  return kind === 'other' ? 'auto' : kind
}

/** Those that a camera can set up. */
export const hasCamera: ReadonlySet<string> = new Set(['apple', 'davx5'])

/** @param isWanted  whether they are asked for yet */
export function useDevices(isWanted = true) {
  return useQuery({
    queryKey: ['devices'],
    enabled: isWanted,
    queryFn: ({ signal }) => get<z.infer<typeof deviceList>>('/devices', signal),
  })
}

export function useDevice(id: string) {
  return useQuery({
    queryKey: ['device', id],
    queryFn: ({ signal }) => get<DeviceState>(`/devices/${id}`, signal),
    refetchInterval: 10_000,
  })
}

/** How devices reach the server: as the settings say, or else as this browser does. */
export function addressOf(list: z.infer<typeof deviceList> | undefined): string {
  return list?.address ?? window.location.origin
}

/** Whether no other machine finds the server by an address. @see RFC 6761 §6.3 */
export function leadsHere(address: string): boolean {
  const host = new URL(address, window.location.href).hostname
  return /^(?:localhost|127\..*|\[::1\])$/.test(host)
}
