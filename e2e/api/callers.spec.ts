import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { credentials } from '@/e2e/fixtures/product'
import { makeProject } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'
import { contracts } from '@/lib/contracts'
import { Session } from '@/scripts/test/session'

type Endpoint = (typeof contracts)[number]
type Access = Endpoint['access']

/** Every endpoint, for every kind of caller: who is let in, who is unknown (401), who may not (403). */

/** By hand, so that an endpoint that is new, or open to others than before, is thought about here, too. */
const ENDPOINTS: Record<Access, string> = {
  public: 'lookUpInvitation acceptInvitation',
  record: `trackEvent trackBatch trackFeature trackStage completeFunnel trackStep completeJourney recordSatisfaction
    listDueSurveys identifyUser`,
  read: `listEvents getEventAnalytics listPropertyKeys getFeatureStats getFeatureRetention listFunnels listFunnelNames
    getFunnelAnalytics saveFunnel deleteFunnel listJourneyRuns getJourneyAnalytics getSatisfactionMetrics listResponses listSurveys createSurvey
    updateSurvey deleteSurvey listMetricAlerts createMetricAlert replaceMetricAlert deleteMetricAlert getRetention getEstimate getLatestRecord listUsers getUser listUserRecords exportUser exportRecords`,
  viewer: `getReplicationStatus getReplicationSamples getOperation listOperations getJournal getDetailedHealth
    getDatabaseHealth getBackupHealth listBackups planRestore getAlerts listFiringAlerts listProjects endSessions listKeys
    changePassword getSecondFactor beginSecondFactor addSecondFactor removeSecondFactor`,
  operator: `failOver approvePlan getPlan cancelScheduledSwitchover reinitializeMember fenceMember pauseEngine backUp
    verifyBackups drillBackup setBackupSettings createRestorePoint restore cutOver setThresholds resetThresholds
    silenceAlert`,
  admin: `deleteUser listChannels saveChannel deleteChannel testChannel createProject updateProject deleteProject createKey revokeKey
    listAccounts inviteAccount renewInvitation updateAccount endAccountSessions resetSecondFactor deleteAccount listAuditEntries`,
}
const idsOf = (access: Access) => ENDPOINTS[access].split(/\s+/).filter(Boolean).sort()

type Answer = 'in' | 401 | 403
type Ask = (method: string, path: string, body?: object) => Promise<{ status: number }>

interface Caller {
  who: string
  ask: Ask
  /** What each kind of endpoint answers; `changes` is not the method GET. */
  expected(access: Access, changes: boolean): Answer
}

const isOneOf = <T>(one: T, ...all: T[]) => all.includes(one)
const unknown = () => 401 as const
const RANK = ['viewer', 'operator', 'admin']

test('the table has every endpoint, under those who may call it', () => {
  for (const access of Object.keys(ENDPOINTS) as Access[])
    expect(
      contracts
        .filter((one) => one.access === access)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(idsOf(access))
})

test('whoever calls, an endpoint lets in those it is for', async ({ session, page }) => {
  const headers = { origin: credentials().url }
  const shop = await makeProject(session)
  const makeKey = async (kind: 'write' | 'secret') => {
    const data = { project: shop.id, name: 'callers', kind, ratePerSecond: 10_000 }
    return (await page.request.post('/api/access/keys', { data, headers })).json()
  }
  const [write, secret, revoked] = [await makeKey('write'), await makeKey('secret'), await makeKey('secret')]
  const gone = await page.request.delete(`/api/access/keys/${revoked.key.id}`, { headers })
  expect(gone.status()).toBe(200)
  const ended = await Session.signIn(credentials(), 'viewer')
  const { body: form } = await ended.request('GET', '/api/auth/csrf')
  const copied = ended.copy()
  await ended.request('POST', '/api/auth/signout', new URLSearchParams({ csrfToken: String(form.csrfToken) }))

  const wrong: string[] = []
  const callers = await makeCallers(
    { write: write.secret, secret: secret.secret, revoked: revoked.secret },
    copied,
  )
  expect(callers).toHaveLength(14)
  const askAll = async ({ who, ask, expected: expectedOf }: Caller) => {
    for (const contract of contracts) {
      const { status } = await patiently(() => call(contract, ask))
      const { access } = contract
      const expected = access === 'public' ? 'in' : expectedOf(access, contract.method !== 'GET')
      // Whoever is let in has asked for what does not exist.
      if (status !== (expected === 'in' ? 422 : expected))
        wrong.push(`${who}: ${contract.method} ${contract.path}: ${status}, not ${expected}`)
    }
  }
  await Promise.all(callers.map(askAll))
  expect(wrong).toEqual([])
})

test('who is not in a project sees nothing of it, whatever they ask and by whichever name', async ({
  session,
}) => {
  const shop = await makeProject(session)
  const viewer = await Session.signIn(credentials(), 'viewer')
  const ofProject = contracts.filter(
    ({ access, input }) => isOneOf(access, 'read', 'viewer') && 'project' in (input as z.ZodObject).shape,
  )
  expect(ofProject.length).toBeGreaterThan(20)
  const wrong: string[] = []
  for (const { method, path } of ofProject) {
    const address = path.replace(/\{\w+\}/g, randomUUID())
    const inBody = method !== 'GET' && method !== 'DELETE'
    for (const project of [shop.id, shop.name]) {
      const query = new URLSearchParams({ project })
      const asked = inBody ? address : `${address}?${query}`
      const { status, body } = await viewer.request(method, asked, inBody ? { project } : undefined)
      if (status !== 404 || body.detail !== 'There is no such project.')
        wrong.push(`${method} ${path}: ${status} ${body.detail}`)
    }
  }
  expect(wrong).toEqual([])
})

/** With a name that no input has, so that nothing is done for whoever is let in. */
function call({ method, path }: Endpoint, ask: Ask): Promise<{ status: number }> {
  const address = path.replace(/\{\w+\}/g, randomUUID())
  return method === 'GET' || method === 'DELETE'
    ? ask(method, `${address}?nobodyKnows=this`)
    : ask(method, address, { nobodyKnows: 'this' })
}

/** Whoever is told to come back does: a database that is busy cannot say at once that a key is unknown. */
async function patiently(ask: () => Promise<{ status: number }>): Promise<{ status: number }> {
  for (let tries = 0; ; tries++) {
    const answer = await ask()
    if (answer.status !== 503 || tries === 10) return answer
    await sleep(1_000)
  }
}

async function makeCallers(
  keys: Record<'write' | 'secret' | 'revoked', string>,
  endedSession: Session,
): Promise<Caller[]> {
  const { url } = credentials()
  const bare = (headers: Record<string, string> = {}): Ask => {
    return async (method, path, body) => {
      const type = body && { 'content-type': 'application/json' }
      const answer = await fetch(url + path, {
        method,
        headers: { ...headers, ...type },
        body: body && JSON.stringify(body),
      })
      await answer.body?.cancel()
      return answer
    }
  }
  const bearer = (key: string) => bare({ authorization: `Bearer ${key}` })
  const inBody: Ask = (method, path, body) =>
    bare()(method, body ? path : `${path}&writeKey=${keys.write}`, body && { ...body, writeKey: keys.write })
  const signedIn = async (role: 'viewer' | 'operator' | 'admin', origin?: string): Promise<Caller> => {
    const one = await Session.signIn(credentials(), role)
    const may = (access: Access) => access === 'read' || RANK.indexOf(access) <= RANK.indexOf(role)
    return {
      who: origin ? `${role}, on another site` : role,
      ask: (method, path, body) => one.request(method, path, body, origin ? { origin } : {}),
      expected: (access, changes) => {
        if (access === 'record') return 401
        if (origin && changes) return 403
        return may(access) ? 'in' : 403
      },
    }
  }
  const elsewhere = 'https://elsewhere.example'
  return [
    { who: 'nobody', ask: bare(), expected: unknown },
    {
      who: 'a write key',
      ask: bearer(keys.write),
      expected: (access) => (access === 'record' ? 'in' : access === 'read' ? 403 : 401),
    },
    {
      who: 'a secret key',
      ask: bearer(keys.secret),
      expected: (access) => (isOneOf(access, 'record', 'read') ? 'in' : 401),
    },
    {
      who: 'a write key in the body',
      ask: inBody,
      expected: (access) => (access === 'record' ? 'in' : 401),
    },
    { who: 'a key that was revoked', ask: bearer(keys.revoked), expected: unknown },
    { who: 'a key that nobody made', ask: bearer(`sk_${'x'.repeat(32)}`), expected: unknown },
    { who: 'no key at all', ask: bearer('Robert'), expected: unknown },
    {
      who: 'a forged cookie',
      ask: bare({ cookie: 'next-auth.session-token=eyJhbGciOiJkaXIifQ..a.b.c' }),
      expected: unknown,
    },
    { who: 'a session that has ended', ask: (...sent) => endedSession.request(...sent), expected: unknown },
    await signedIn('viewer'),
    await signedIn('operator'),
    await signedIn('admin'),
    await signedIn('viewer', elsewhere),
    await signedIn('admin', elsewhere),
  ]
}
