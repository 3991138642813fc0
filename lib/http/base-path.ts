/**
 * The path that Holdfast lives under, such as `/holdfast` beside other sites of one host; empty where the host is its own.
 * `npm start` says it to the build, which writes it into what browsers load, and to the servers.
 */
export const BASE_PATH = process.env.HOLDFAST_BASE_PATH ?? ''

/**
 * Where a path of ours is for whoever asks from outside. Next.js adds the same to its own links and redirects: this is for
 * what it does not see.
 */
export const atBase = (path: string): string => BASE_PATH + path
