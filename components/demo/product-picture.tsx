import clsx from 'clsx'
import type { ReactNode } from 'react'
import classes from './product-picture.module.css'

export type View = 'whole' | 'close' | 'drawing'

const viewBoxes: Record<View, string> = {
  whole: '0 0 120 120',
  close: '34 34 52 52',
  drawing: '0 0 120 120',
}

/** Three tones: `a` the body, `b` its shade, `c` what shines. A line is drawn, not filled. */
const a = classes.a
const b = classes.b
const c = classes.c
const line = classes.line

const shapes: Record<string, ReactNode> = {
  kettle: (
    <>
      <path className={line} d="M40 50a22 22 0 0 1 40 0" />
      <path className={b} d="m82 64 18-12v9L84 80z" />
      <path className={a} d="M34 64a26 22 0 0 1 52 0v20a9 9 0 0 1-9 9H43a9 9 0 0 1-9-9z" />
      <path className={b} d="M34 82h52v2a9 9 0 0 1-9 9H43a9 9 0 0 1-9-9z" />
      <circle className={c} cx="60" cy="42" r="4" />
    </>
  ),
  mug: (
    <>
      <path className={line} d="M78 54h7a10 10 0 0 1 0 24h-9" />
      <path className={a} d="M40 40h40l-4 46a7 7 0 0 1-7 6H51a7 7 0 0 1-7-6z" />
      <path className={b} d="M42 66h36l-2 20a7 7 0 0 1-7 6H51a7 7 0 0 1-7-6z" />
      <path className={c} d="M44 46h32v4H44z" />
    </>
  ),
  flask: (
    <>
      <rect className={b} x="50" y="24" width="20" height="18" rx="4" />
      <rect className={a} x="44" y="40" width="32" height="56" rx="9" />
      <path className={c} d="M44 56h32v8H44z" />
      <path className={b} d="M68 64h8v23a9 9 0 0 1-8 9z" />
    </>
  ),
  knife: (
    <>
      <path className={c} d="M28 34c14-4 30 6 38 16l-8 8C48 54 34 48 28 34z" />
      <path className={a} d="m58 58 9-9 26 28a7 7 0 0 1-10 10z" />
      <path className={b} d="m70 66 4-4 19 20a7 7 0 0 1-3 5z" />
      <circle className={line} cx="95" cy="93" r="6" />
    </>
  ),
  lantern: (
    <>
      <circle className={line} cx="60" cy="26" r="9" />
      <path className={a} d="m42 46 8-11h20l8 11z" />
      <rect className={b} x="45" y="46" width="30" height="38" rx="5" />
      <path className={c} d="M60 52c7 8 8 13 8 16a8 8 0 0 1-16 0c0-4 4-8 8-16z" />
      <rect className={a} x="40" y="84" width="40" height="10" rx="3" />
    </>
  ),
  rope: (
    <>
      <circle className={a} cx="60" cy="62" r="35" />
      <circle className={classes.coil} cx="60" cy="62" r="29" />
      <circle className={classes.coil} cx="60" cy="62" r="21" />
      <circle className={classes.coil} cx="60" cy="62" r="13" />
      <circle className={c} cx="60" cy="62" r="7" />
    </>
  ),
  compass: (
    <>
      <circle className={a} cx="60" cy="60" r="36" />
      <circle className={c} cx="60" cy="60" r="28" />
      <path className={b} d="m60 36 7 24H53z" />
      <path className={a} d="m60 84 7-24H53z" />
      <circle className={c} cx="60" cy="60" r="3" />
    </>
  ),
  bag: (
    <>
      <path className={line} d="M44 42c-16 10-16 32-4 44" />
      <path className={a} d="M42 44h36l5 40a10 10 0 0 1-10 11H47a10 10 0 0 1-10-11z" />
      <rect className={b} x="38" y="34" width="44" height="11" rx="5.5" />
      <rect className={c} x="53" y="58" width="14" height="14" rx="3" />
      <path className={b} d="M37 84h46a10 10 0 0 1-10 11H47a10 10 0 0 1-10-11z" />
    </>
  ),
  blanket: (
    <>
      <rect className={b} x="26" y="72" width="68" height="18" rx="9" />
      <rect className={a} x="26" y="55" width="68" height="18" rx="9" />
      <rect className={b} x="26" y="38" width="68" height="18" rx="9" />
      <path
        className={c}
        d="M40 38h5v18h-5zM50 38h3v18h-3zM40 55h5v18h-5zM50 55h3v18h-3zM40 72h5v18h-5zM50 72h3v18h-3z"
      />
    </>
  ),
  beanie: (
    <>
      <circle className={c} cx="60" cy="34" r="9" />
      <path className={a} d="M34 78c0-24 10-38 26-38s26 14 26 38z" />
      <path className={b} d="M58 40h4v38h-4zM44 48h4v30h-4zM72 48h4v30h-4z" />
      <rect className={b} x="30" y="74" width="60" height="17" rx="8" />
    </>
  ),
  logbook: (
    <>
      <rect className={a} x="36" y="28" width="50" height="66" rx="5" />
      <path className={b} d="M41 28h6v66h-6a5 5 0 0 1-5-5V33a5 5 0 0 1 5-5z" />
      <rect className={c} x="54" y="42" width="24" height="14" rx="2" />
      <path className={b} d="M78 28h4v66h-4z" />
    </>
  ),
  chart: (
    <>
      <rect className={c} x="24" y="32" width="72" height="58" rx="3" />
      <path
        className={a}
        d="M24 66c14-8 18 6 30 0s10-22 24-20 12 6 18 2v39a3 3 0 0 1-3 3H27a3 3 0 0 1-3-3z"
      />
      <path className={b} d="M24 78c16-6 24 6 38 0s18-16 34-12v21a3 3 0 0 1-3 3H27a3 3 0 0 1-3-3z" />
      <path className={classes.course} d="M36 46c8 6 14-2 24 2" />
    </>
  ),
}

/** A picture of a product, drawn here. Its name stands beside it, so that it says nothing itself. */
export function ProductPicture({ id, view = 'whole' }: { id: string; view?: View }) {
  return (
    <svg
      className={clsx(classes.picture, view === 'drawing' && classes.drawing)}
      viewBox={viewBoxes[view]}
      aria-hidden="true"
    >
      {shapes[id]}
    </svg>
  )
}
