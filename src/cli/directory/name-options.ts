/** What a new group, room or resource is called. */
export const nameOptions = {
  email: { type: 'string', help: 'mail address' },
  'display-name': { type: 'string', help: 'name shown to people' },
} as const
