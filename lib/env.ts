import { z } from 'zod'

const member = z.object({ name: z.string(), host: z.string(), port: z.number(), restPort: z.number() })
export type MemberAddress = z.infer<typeof member>

const schema = z.object({
  DATABASE_URL: z.string().min(1),
  NEXTAUTH_SECRET: z.string().min(16),
  NEXTAUTH_URL: z.url().default('http://localhost:3000'),
  /** The cluster's members, as JSON; empty where no engine is known. */
  HOLDFAST_MEMBERS: z
    .string()
    .default('[]')
    .transform((text) => z.array(member).parse(JSON.parse(text))),
  HOLDFAST_CLUSTER: z.string().default('holdfast'),
  /** Opens the routes that only benchmarks use. */
  HOLDFAST_BENCH: z.string().optional(),
})

let parsed: z.infer<typeof schema> | undefined

/** The settings of this process, read and checked at first use so that a build needs none. */
export function env(): z.infer<typeof schema> {
  parsed ??= schema.parse(process.env)
  return parsed
}
