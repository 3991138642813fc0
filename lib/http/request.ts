import { AsyncLocalStorage } from 'node:async_hooks'
import type { Account, Project } from '@/lib/access/caller'
import { singleton } from '@/lib/singleton'

/** What a handler reads of a request: what fetch's `Request` has of it, and what is quick to make of Node.js' own. */
export interface Incoming {
  url: string
  headers: Headers
  arrayBuffer(): Promise<ArrayBuffer>
  body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null
}

/** The HTTP request that is being answered, as what is far below its route can see it. */
interface CurrentRequest {
  /** Aborted when whoever asked has left before the answer. */
  gone: AbortSignal
  /** Who asks, once that is known: an account, or the project of a key. */
  caller?: string
}

const requests = () => singleton('http.requests', () => new AsyncLocalStorage<CurrentRequest>())

/** Answers a request: whatever that starts belongs to it. */
export const answering = <T>(gone: AbortSignal, answer: () => T): T => requests().run({ gone }, answer)

/** Nothing where no request is answered: in the worker, in scripts. */
export const currentRequest = (): CurrentRequest | undefined => requests().getStore()

/** Whether nobody waits for an answer any more. */
export const hasGone = (): boolean => currentRequest()?.gone.aborted ?? false

/** Notes who asks. */
export function noteCaller({ account, project }: { account: Account | null; project?: Project }): void {
  const request = currentRequest()
  if (request) request.caller = account?.id ?? project?.id
}
