/**
 * What contracts are declared with in the browser, in zod's place (next.config.ts): there nothing is parsed, since the server does
 * that, and zod would be a tenth of what a page loads. Whatever is asked of it or called is this again.
 */
export const z: unknown = new Proxy(() => z, { get: () => z })
