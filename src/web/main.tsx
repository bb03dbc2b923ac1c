import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './ui/base.css'
import { DirectionProvider, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './client/query.ts'
import { refuseStrayDrops } from './client/stray-drops.ts'
import { startWorker } from './client/worker.ts'
import { startTexts } from './i18n/i18n.ts'
import { App } from './routes.tsx'
import { cssVariables, theme } from './ui/theme.ts'

/** What the server lets styles in by. @see CSP §6.7.2.1 */
const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''
// Dialogs hold the page still by a style of theirs, which asks for it so (get-nonce).
Object.assign(globalThis, { __webpack_nonce__: nonce })

await startTexts()
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        cssVariablesResolver={cssVariables}
        getStyleNonce={() => nonce}
      >
        {/* As the document says, and anew whenever it says otherwise. */}
        <DirectionProvider>
          <QueryClientProvider client={queryClient}>
            <Notifications position="bottom-center" />
            <App />
          </QueryClientProvider>
        </DirectionProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
refuseStrayDrops()
startWorker()
