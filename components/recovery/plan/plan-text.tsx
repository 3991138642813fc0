import Link from 'next/link'
import { type ComponentProps, isValidElement, type ReactNode } from 'react'
import Markdown, { type Components, type ExtraProps } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { CopyButton } from './copy-button'
import classes from './plan.module.css'

export interface Heading {
  line: number
  depth: number
  title: string
  id: string
}

interface Props {
  text: string
  contents: Heading[]
}

/** What the last text was made into: there is one plan, and to read it as Markdown takes longer than all else of its page. */
let last: { text: string; parts: ReactNode } | undefined

/** The plan as it is read: rendered on the server, with nothing in it that the text could run. */
export function PlanText(plan: Props) {
  if (last?.text !== plan.text) last = { text: plan.text, parts: partsOf(plan) }
  return <article className={classes.text}>{last.parts}</article>
}

function partsOf({ text, contents }: Props): ReactNode {
  const idAt = (node: ExtraProps['node']): string | undefined =>
    contents.find(({ line }) => line === node?.position?.start.line)?.id
  const parts: Components = {
    h2: ({ node, children }) => <h2 id={idAt(node)}>{children}</h2>,
    h3: ({ node, children }) => <h3 id={idAt(node)}>{children}</h3>,
    a: Anchor,
    code: Code,
    pre: Block,
    // An empty head is a corner.
    th: ({ children }) => (children ? <th scope="col">{children}</th> : <td />),
    table: ({ children }) => (
      // Wide ones scroll by themselves, also for the keyboard: the page never does.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus
      <div className={classes.wide} tabIndex={0}>
        <table>{children}</table>
      </div>
    ),
  }
  // Called, not rendered: what comes of it is kept.
  return Markdown({ remarkPlugins: [remarkGfm], components: parts, children: text })
}

/** Places in the plan are links; other documents are not part of the product, and only named. */
function Anchor({ href = '', children }: ComponentProps<'a'>) {
  return href.startsWith('#') ? <a href={href}>{children}</a> : <em>{children}</em>
}

/** A page that is named is one click away. */
function Code({ children }: ComponentProps<'code'>) {
  const page = typeof children === 'string' && /^\/(recovery|settings)\/[a-z]+$/.test(children)
  return page ? (
    <Link href={children}>
      <code>{children}</code>
    </Link>
  ) : (
    <code>{children}</code>
  )
}

/** Commands and messages, to be taken with one click. */
function Block({ children }: ComponentProps<'pre'>) {
  const text = textOf(children).trimEnd()
  // Whoever types an option from a line that breaks within it types another.
  const parts = text.split(/(--[a-z-]+)/).map((part, at) => ({ part, at }))
  return (
    <div className={classes.block}>
      <pre>
        <code>
          {parts.map(({ part, at }) => (
            <span key={at} className={at % 2 === 1 ? classes.option : undefined}>
              {part}
            </span>
          ))}
        </code>
      </pre>
      <CopyButton text={text} />
    </div>
  )
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string') return node
  if (Array.isArray(node)) return node.map(textOf).join('')
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : ''
}

/** Where everything is: beside the text on wide screens, before it on narrow ones. */
export function PlanContents({ contents }: { contents: Heading[] }) {
  return (
    <section className={classes.contents} aria-label="Contents">
      <ul>
        {contents.map(({ id, title, depth }) => (
          <li key={id} className={depth > 2 ? classes.below : undefined}>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
      </ul>
    </section>
  )
}
