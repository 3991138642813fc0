import { z } from 'zod'

const member = z.object({
  name: z.string(),
  host: z.string(),
  port: z.number(),
  restPort: z.number(),
  /** Whether its REST API speaks TLS. An authority of one's own is named by NODE_EXTRA_CA_CERTS. */
  tls: z.boolean().optional(),
})
export type MemberAddress = z.infer<typeof member>

const schema = z.object({
  DATABASE_URL: z.string().min(1),
  NEXTAUTH_SECRET: z.string().min(16),
  /** The address that people open. next-auth reads the path of its endpoints from it, so that it ends with that. */
  NEXTAUTH_URL: z
    .url()
    .default('http://localhost:3000')
    .transform((url) => url.replace(/\/(api\/auth\/?)?$/, '')),
  /** The cluster's members, as JSON; empty where no engine is known. */
  HOLDFAST_MEMBERS: z
    .string()
    .default('[]')
    .transform((text) => z.array(member).parse(JSON.parse(text))),
  HOLDFAST_CLUSTER: z.string().default('holdfast'),
  /** `user:password` for the orders of the members' REST API. */
  HOLDFAST_ENGINE_AUTH: z.string().optional(),
  /** Whoever signs people in beside their passwords, by OpenID Connect; left out: nobody does. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** What the button says after “Continue with”. */
  OIDC_NAME: z.string().min(1).default('single sign-on'),
  /** The claim that holds viewer, operator or admin, alone or in a list, such as `realm_access.roles`; left out: only who was invited comes in. */
  OIDC_ROLE_CLAIM: z.string().min(1).optional(),
  /** Believes addresses that the issuer does not call verified: only where nobody can choose their own. */
  OIDC_TRUST_EMAIL: z.stringbool().default(false),
  /** What must outlive a process and the database: the access record, the journal of recovery, the spool. */
  HOLDFAST_DATA_DIR: z.string().min(1).optional(),
  /** Records that wait for a leader take this much of the disk at the most. */
  HOLDFAST_SPOOL_MAX_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(2 ** 30),
  /** What a chart asks the database is stopped after so many seconds. */
  HOLDFAST_READ_LIMIT_SECONDS: z.coerce.number().int().min(1).max(3_600).default(30),
  /** A failover needs a second operator. */
  RECOVERY_TWO_PERSON: z.stringbool().default(false),
  /** Lets the account `break-glass` in, as an operator, while no database answers. */
  HOLDFAST_BREAK_GLASS_PASSWORD: z.string().min(16).optional(),
  /** What makes backups; left out: nothing does. A start on the local cluster says `local`. */
  BACKUP_PROVIDER: z.enum(['local', 'pgbackrest']).optional(),
  /** The first repository of the local provider: the folder that its cluster archives to. */
  BACKUP_REPOSITORY: z.string().min(1).optional(),
  /** Where the local provider keeps its second copy of every backup and WAL file: a folder, best on another machine’s disk, or `s3://bucket/prefix`. */
  BACKUP_SECONDARY_STORAGE: z.string().min(1).optional(),
  /** Of S3, by the names of AWS’s own tools: others on this machine may have set them, to whatever they want. */
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_REGION: z.string().optional(),
  /** The server’s address, where it is not Amazon’s; that of S3 alone comes first. */
  AWS_ENDPOINT_URL_S3: z.string().optional(),
  AWS_ENDPOINT_URL: z.string().optional(),
  /** The configuration file of pgBackRest; left out: /etc/pgbackrest/pgbackrest.conf. */
  BACKUP_PGBACKREST_CONFIG: z.string().min(1).optional(),
  /** The stanza of pgBackRest, which the cluster’s archive_command names, too. */
  BACKUP_STANZA: z.string().min(1).default('holdfast'),
  /** The write key that the demo shop records with; left out: there is no shop. `npm start` says it. */
  HOLDFAST_DEMO_KEY: z.string().min(1).optional(),
  /** The write key that our own pages record with; left out: they record nothing. `npm start` says it. */
  HOLDFAST_OWN_KEY: z.string().min(1).optional(),
})

let parsed: z.infer<typeof schema> | undefined

/** The settings of this process, read and checked at first use so that a build needs none. */
export function env(): z.infer<typeof schema> {
  parsed ??= schema.parse(process.env)
  return parsed
}
