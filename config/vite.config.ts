import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressed } from './vite-compressed.ts'
import { appIcons } from './vite-icons.ts'
import { serviceWorker } from './vite-worker.ts'

const root = fileURLToPath(new URL('../src/web', import.meta.url))
const outDir = fileURLToPath(new URL('../dist/web', import.meta.url))

/** The web app: names of files carry a hash, and each has a Brotli and a gzip form beside it. */
export default defineConfig({
  root,
  plugins: [
    react(),
    appIcons(`${root}/public/icon.svg`),
    serviceWorker(`${root}/worker/worker.ts`),
    compressed(outDir),
  ],
  build: { outDir, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/dav': 'http://127.0.0.1:8080' } },
})
