import type { NextConfig } from 'next'
import { SECURITY_HEADERS } from './lib/http/security-headers'

/** Where Holdfast is not alone on its host: `npm start -- --base-path`. */
const basePath = process.env.HOLDFAST_BASE_PATH ?? ''

const config: NextConfig = {
  basePath,
  env: { HOLDFAST_BASE_PATH: basePath },
  reactStrictMode: true,
  poweredByHeader: false,
  // Native or stateful in a way that bundling would break.
  serverExternalPackages: ['postgres', '@node-rs/argon2', 'nodemailer'],
  turbopack: {
    resolveAlias: {
      // Contracts declare shapes; only the server parses by them.
      zod: { browser: './lib/http/zod-in-browser.ts' },
      // Both hold the parsers: the one for servers, and the one that browsers have anyhow.
      'nuqs/server': { browser: 'nuqs' },
    },
  },
  experimental: {
    optimizePackageImports: ['@mantine/core', '@mantine/hooks', '@mantine/charts', '@tabler/icons-react'],
  },
  // `npm run check` does this; a build of a checked tree need not do it again.
  typescript: { ignoreBuildErrors: true },
  // Browsers ask for it by this name until they have read the page's own link.
  rewrites: async () => [{ source: '/favicon.ico', destination: '/icon.svg' }],
  headers: async () => [
    { source: '/:path*', headers: SECURITY_HEADERS },
    {
      // What apps of other origins load: as scripts and modules, whatever isolation they ask for.
      source: '/:file(holdfast\\.js|holdfast\\.mjs|survey\\.js)',
      headers: [
        { key: 'Access-Control-Allow-Origin', value: '*' },
        { key: 'Cross-Origin-Resource-Policy', value: 'cross-origin' },
        { key: 'Cache-Control', value: 'public, max-age=3600, stale-while-revalidate=86400' },
      ],
    },
  ],
}

export default config
