import type { Party } from '../person.ts'

/** What somebody does and where, in one line: the job that cards show, else the first that is not over. */
export function jobOf({ memberships }: Pick<Party, 'memberships'>): string {
  const today = new Date().toISOString().slice(0, 10)
  const now = memberships.filter(({ until }) => until === null || until > today)
  const job = now.find(({ isPrimary }) => isPrimary) ?? now[0]
  if (!job) return ''
  const parts = [job.title || job.role, job.department, job.organisation?.name ?? job.organisationName]
  return parts.filter((part) => part !== '').join(' · ')
}
