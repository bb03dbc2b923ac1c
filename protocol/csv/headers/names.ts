/**
 * What columns are called, by where they go: targets, and their names in one language with bars between them.
 * `TITLE_OR_PREFIX` is what Outlook calls the form of address and others the job.
 */
export type HeaderNames = Readonly<Record<string, string>>
