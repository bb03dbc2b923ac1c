import { ApiError, type Problem, tokenToCarry } from './api.ts'

export interface Upload {
  /** From 0 to 1. */
  readonly onProgress?: (part: number) => void
  readonly signal?: AbortSignal
}

/**
 * Sends the octets of a file, telling how far they are; `path` is below /api.
 * @throws ApiError for what the server refuses, TypeError where it cannot be reached or it was given up
 */
export async function upload<T>(path: string, file: Blob, uploading: Upload = {}): Promise<T> {
  const token = await tokenToCarry()
  if (uploading.signal?.aborted) throw new TypeError('The file was not sent.')
  return transmit(path, file, token, uploading)
}

function transmit<T>(path: string, file: Blob, token: string, { onProgress, signal }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    // fetch does not tell how much was sent.
    const request = new XMLHttpRequest()
    request.open('POST', `/api${path}`)
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('X-CSRF-Token', token)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 1)
    request.onload = () => {
      const { status, response } = request
      if (status >= 200 && status < 300) resolve(response as T)
      else reject(new ApiError(status, (response ?? {}) as Partial<Problem>))
    }
    const lost = (): void => reject(new TypeError('The file was not sent.'))
    request.onerror = lost
    request.onabort = lost
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
