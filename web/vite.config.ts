import { cpSync, createReadStream, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, normalize, resolve, sep } from 'node:path'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const pdfjsRoot = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
const pdfjsFolders = ['cmaps', 'standard_fonts', 'wasm', 'iccs']

/** Serves PDF.js's character maps, standard fonts and decoders at /pdfjs/, from this server and no other. */
function pdfjsAssets(): Plugin {
  let outDir = 'dist'
  return {
    name: 'vermilion:pdfjs-assets',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir)
    },
    configureServer(server) {
      server.middlewares.use('/pdfjs', (request, response, next) => {
        const file = normalize(join(pdfjsRoot, decodeURIComponent((request.url ?? '').split('?')[0] ?? '')))
        const known = pdfjsFolders.some((folder) => file.startsWith(join(pdfjsRoot, folder) + sep))
        if (!known || !existsSync(file)) return next()
        createReadStream(file).pipe(response)
      })
    },
    writeBundle() {
      for (const folder of pdfjsFolders) {
        cpSync(join(pdfjsRoot, folder), join(outDir, 'pdfjs', folder), { recursive: true })
      }
    },
  }
}

export default defineConfig({
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single', semicolons: false }),
    react(),
    pdfjsAssets(),
  ],
  html: { cspNonce: '__CSP_NONCE__' },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1200 },
  server: {
    port: 5173,
    proxy: { '/api': process.env.VERMILION_SERVER ?? 'http://127.0.0.1:8080' },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    css: false,
  },
} as Parameters<typeof defineConfig>[0])
