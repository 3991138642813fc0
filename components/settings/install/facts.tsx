import { Code } from '@mantine/core'
import { Columns } from '@/components/ui/grid'
import { Panel } from '@/components/ui/panel'
import classes from './install.module.css'

/** What the tracker records unasked, and what it never does. */
export function Facts() {
  return (
    <Columns of="two">
      <Panel title="What it records by itself">
        <ul className={classes.list}>
          <li>Page views, also where an app changes the address without a load.</li>
          <li>How long a page was looked at: time in the background is not counted.</li>
          <li>Clicks on links that lead to other sites.</li>
          <li>
            Clicks on what has <Code>data-hf-event="name"</Code>, with every <Code>data-hf-*</Code> as a
            property.
          </li>
          <li>
            Answers to the surveys that you made for the page; <Code>data-surveys="false"</Code> asks none.
          </li>
        </ul>
      </Panel>
      <Panel title="Privacy">
        <ul className={classes.list}>
          <li>
            No cookies: an anonymous id and what is not sent yet are kept in the page’s{' '}
            <Code>localStorage</Code>.
          </li>
          <li>Global Privacy Control and Do Not Track are honoured: then nothing is recorded.</li>
          <li>
            <Code>holdfast.optOut()</Code> records nothing any more on this device;{' '}
            <Code>holdfast.optIn()</Code> is an explicit yes, which also overrides what the browser says.
          </li>
          <li>
            <Code>data-exclude-search</Code> leaves <Code>?…</Code> out of addresses; IP addresses are never
            stored.
          </li>
          <li>
            <Code>data-before-send="name"</Code> names a function of yours that changes a record, or leaves it
            out.
          </li>
        </ul>
      </Panel>
    </Columns>
  )
}
