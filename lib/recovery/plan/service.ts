import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A heading of the plan below its title. */
export interface Heading {
  /** In the text, from 1. */
  line: number
  /** 2 for a part, 3 for what is in one. */
  depth: number
  title: string
  /** What links name it by, as GitHub makes it. */
  id: string
}

export interface Plan {
  title: string
  /** Markdown, without the title. */
  text: string
  contents: Heading[]
}

/** The disaster recovery plan, as the application was delivered with it: it needs no database. @throws Error if it is not there */
export async function readPlan(): Promise<Plan> {
  return parsePlan(await readFile(join(process.cwd(), 'docs', 'DISASTER_RECOVERY_PLAN.md'), 'utf8'))
}

/** Takes the title off, and finds the headings; what stands in fences is none. */
export function parsePlan(markdown: string): Plan {
  const [first = '', ...lines] = markdown.split('\n')
  const contents: Heading[] = []
  let fenced = false
  for (const [index, line] of lines.entries()) {
    if (/^\s*```/.test(line)) fenced = !fenced
    const [, marks = '', title = ''] = (!fenced && /^(#{2,3}) (.+)$/.exec(line)) || []
    if (title) contents.push({ line: index + 1, depth: marks.length, title, id: toId(title) })
  }
  return { title: first.replace(/^# /, ''), text: lines.join('\n'), contents }
}

const toId = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replaceAll(' ', '-')
