/** As phones write them. @see RFC 5545 §3.8.1.9 */
export const priorities = { none: 0, high: 1, medium: 5, low: 9 } as const
export type Priority = keyof typeof priorities

export function priorityOf(value: number): Priority {
  if (value === 0) return 'none'
  return value < 5 ? 'high' : value === 5 ? 'medium' : 'low'
}
