import i18next from 'i18next'
import { tellNews } from '../ui/toast.tsx'

/** So often an open page asks whether there is a new version. */
const askMs = 3_600_000

/** Lets the app be installed, and open without a line. @see src/web/worker/worker.ts */
export function startWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const register = (): void => void begin().catch(() => undefined)
  if (document.readyState === 'complete') register()
  else window.addEventListener('load', register, { once: true })
}

async function begin(): Promise<void> {
  const { serviceWorker } = navigator
  const wasControlled = serviceWorker.controller !== null
  const registration = await serviceWorker.register('/worker.js')
  let isFirst = !wasControlled
  // The first one takes this very page; each later one is a new version, that this tab or another asked for.
  serviceWorker.addEventListener('controllerchange', () => {
    if (isFirst) isFirst = false
    else offer(() => location.reload())
  })
  const tell = (worker: ServiceWorker | null): void => {
    if (worker?.state === 'installed' && serviceWorker.controller) offer(() => take(worker))
  }
  tell(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => tell(worker))
  })
  window.setInterval(() => void registration.update().catch(() => undefined), askMs)
}

function take(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload())
  worker.postMessage({ takes: true })
}

function offer(load: () => void): void {
  tellNews(i18next.t('states.newVersion'), i18next.t('states.loadVersion'), load)
}
