import { errorOf, tokenToCarry } from './api.ts'

/**
 * Fetches a file that is asked for by more than an address can say, and gives it to the browser to keep; `path` is below /api.
 * @throws ApiError for what the server refuses, TypeError where it cannot be reached
 */
export async function download(path: string, body: unknown, signal?: AbortSignal): Promise<void> {
  const token = await tokenToCarry(signal)
  const answer = await fetch(`/api${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  })
  if (!answer.ok) throw await errorOf(answer, path)
  const url = URL.createObjectURL(await answer.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? ''
  link.click()
  URL.revokeObjectURL(url)
}
