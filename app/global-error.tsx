'use client'

import classes from './global-error.module.css'

/** What is shown when even what every page stands in has failed: of plain elements, without the theme, which has gone with it. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body className={classes.page}>
        <title>This page failed · Holdfast</title>
        <h1>This page failed</h1>
        <p>{error.digest ? `The cause is in the server’s log under ${error.digest}.` : error.message}</p>
        <button type="button" onClick={() => window.location.reload()}>
          Load this page again
        </button>
      </body>
    </html>
  )
}
