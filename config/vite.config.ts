import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressed } from './vite-compressed.ts'
import { appIcons } from './vite-icons.ts'
import { serviceWorker } from './vite-worker.ts'

const root = fileURLToPath(new URL('../src/web', import.meta.url))
const outDir = fileURLToPath(new URL('../dist/web', import.meta.url))

/** What each part needs beside it, it asks for itself; a list of that in the first load is a part of its size. Styles are told. */
function resolveDependencies(_file: string, parts: string[], { hostType }: { readonly hostType: string }) {
  return hostType === 'html' ? parts : parts.filter((part) => part.endsWith('.css'))
}

/** The web app: names of files carry a hash, and each has a Brotli and a gzip form beside it. */
export default defineConfig({
  root,
  plugins: [
    react(),
    appIcons(`${root}/public/icon.svg`),
    serviceWorker(`${root}/worker/worker.ts`),
    compressed(outDir),
  ],
  build: {
    outDir,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false, resolveDependencies },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/dav': 'http://127.0.0.1:8080' } },
})
