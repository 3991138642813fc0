import { createHmac } from 'node:crypto'
import { createTransport } from 'nodemailer'
import type { Target } from '@/lib/recovery/alerts/channels/contract'
import { type Message, toJson, toMail, toSlack } from '@/lib/recovery/alerts/channels/message'

/** A receiver that has not answered within this is tried again later, in milliseconds. */
export const TRY_MS = 5_000

type Mail = Extract<Target, { kind: 'email' }>

/** Sends a message once. @throws Error with a reason for people when it was not taken in time */
export async function sendTo(target: Target, message: Message): Promise<void> {
  if (target.kind === 'email') return mail(target, message)
  if (target.kind === 'slack') return post(target.url, toSlack(message))
  const secret = target.secret
  return post(target.url, toJson(message), (body) => ({
    'x-holdfast-delivery': message.id,
    ...(secret && {
      'x-holdfast-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }),
  }))
}

async function post(
  url: string | undefined,
  content: object,
  headersFor: (body: string) => Record<string, string> = () => ({}),
): Promise<void> {
  if (!url) throw new Error('it has no address')
  const body = JSON.stringify(content)
  const response = await fetch(url, {
    method: 'POST',
    body,
    // A redirect would take the message, and its signature, to where nobody sent it.
    redirect: 'manual',
    signal: AbortSignal.timeout(TRY_MS),
    headers: { 'content-type': 'application/json', 'user-agent': 'Holdfast', ...headersFor(body) },
  }).catch((error) => {
    throw new Error(reasonOf(error))
  })
  // Nobody reads it: the connection is free again.
  await response.body?.cancel()
  if (!response.ok) throw new Error(`it answered ${response.status}`)
}

async function mail({ host, port, tls, user, password, from, to }: Mail, message: Message): Promise<void> {
  const transport = createTransport({
    host,
    port,
    secure: tls,
    ...(user && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: TRY_MS,
    greetingTimeout: TRY_MS,
    socketTimeout: TRY_MS,
    dnsTimeout: TRY_MS,
  })
  let timer: NodeJS.Timeout | undefined
  // Its own limits are for one silence each, and a server can be slow at every step.
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not sent within ${(2 * TRY_MS) / 1000} s`)), 2 * TRY_MS)
  })
  const sent = transport.sendMail({
    ...toMail(message),
    from,
    to,
    // The same when it is sent again, so that a mailbox can tell.
    messageId: `<${message.id}@holdfast>`,
  })
  try {
    await Promise.race([sent, late])
  } catch (error) {
    throw new Error(reasonOf(error as NetworkError))
  } finally {
    clearTimeout(timer)
    sent.catch(() => {})
    transport.close()
  }
}

type NetworkError = Error & { code?: string; cause?: { code?: string; message?: string } }

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  ECONNRESET: 'it closed the connection',
}

/** Why nothing was delivered, in words where we have some. */
function reasonOf(error: NetworkError): string {
  if (error.name === 'TimeoutError') return `no answer within ${TRY_MS / 1000} s`
  const code = error.cause?.code ?? error.code
  return reasons[code ?? ''] ?? error.cause?.message ?? error.message
}
