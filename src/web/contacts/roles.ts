/** What stands for everybody, as `knownRoles` of the server. */
export const roles = ['lead', 'customer', 'supplier', 'partner', 'competitor', 'employee', 'press'] as const
