// Bundles the worker that decodes voice messages into the desk's static files.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
await esbuild.build({
  entryPoints: [join(here, 'worker.js')],
  outfile: join(here, '../static/desk/dist/voice-worker.js'),
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
})
