import { readFileSync } from 'node:fs'

/** Commands of the plan that stand together. */
export interface Block {
  /** Under which heading, and the how many-th there: `1.3 Steps #2`. */
  key: string
  text: string
}

/** Every fenced block of the plan that says `sh`, in its order, without its indentation. */
export function readBlocks(path = 'docs/DISASTER_RECOVERY_PLAN.md'): Block[] {
  const blocks: Block[] = []
  const counts = new Map<string, number>()
  let heading = ''
  let open: { indent: number; isCommands: boolean; lines: string[] } | null = null
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, spaces = '', language = ''] = /^( *)```(\w*)$/.exec(line) ?? []
    const isFence = /^ *```/.test(line)
    if (open && isFence) {
      if (open.isCommands) {
        const count = (counts.get(heading) ?? 0) + 1
        counts.set(heading, count)
        blocks.push({ key: `${heading} #${count}`, text: open.lines.join('\n') })
      }
      open = null
    } else if (open) open.lines.push(line.slice(open.indent))
    else if (isFence) open = { indent: spaces.length, isCommands: language === 'sh', lines: [] }
    else heading = /^#{2,3} (.+)$/.exec(line)?.[1] ?? heading
  }
  return blocks
}
