import { type Path, products, queries } from '@/scripts/seed/catalog'
import type { Session } from '@/scripts/seed/session'
import { runFunnel } from './funnels'
import { survey } from './surveys'

/** Looks at things, puts some into the cart, and may go on to pay. */
export function shop(session: Session): void {
  const { random } = session
  session.view('/shop')
  if (random.chance(0.35)) {
    session.view('/search')
    session.event('search', 'shop', { query: random.pick(queries), results: random.int(0, 14) })
  }
  if (random.chance(0.2))
    session.event('filter_applied', 'shop', { filter: random.pick(['price', 'color', 'new']) }, 'click')
  let inCart = 0
  for (let looked = random.int(1, 3); looked > 0; looked -= 1) {
    const { path, product, price } = random.pick(products)
    session.view(path)
    session.event('view_product', 'shop', { product, price })
    if (random.chance(0.08)) session.event('wishlist_add', 'shop', { product }, 'click')
    if (!random.chance(0.36)) continue
    inCart += price
    session.event(
      'add_to_cart',
      'shop',
      {
        product,
        price,
        quantity: random.weighted([
          [1, 8],
          [2, 2],
        ]),
      },
      'click',
    )
  }
  if (inCart > 0 && random.chance(0.75)) checkOut(session, inCart)
}

function checkOut(session: Session, price: number): void {
  const { random, visitor } = session
  session.view('/cart')
  if (random.chance(0.15))
    session.event('coupon_applied', 'shop', { coupon: random.pick(['SPRING', 'HELLO10']) })
  const small = visitor.agent.device === 'mobile'
  const done = runFunnel(session, 'checkout', [
    { stage: 'view_cart', goesOn: 0.72, seconds: 26 },
    { stage: 'address', goesOn: 0.81, seconds: 62 },
    // Typing a card's number on a phone is where most give up.
    { stage: 'payment', goesOn: small ? 0.66 : 0.86, seconds: 48 },
    { stage: 'confirm', goesOn: 1, seconds: 6 },
  ])
  if (!done) {
    if (random.chance(0.25)) session.event('remove_from_cart', 'shop', {}, 'click')
    return
  }
  session.event('purchase', 'shop', { price, currency: 'EUR' })
  if (random.chance(0.3)) survey(session, 'csat', 0.84, 'checkout')
}

/** Pages on which some read to the end and leave something. */
export function readOn(session: Session, path: Path): void {
  const { random } = session
  session.view(path)
  if (path.startsWith('/blog/') && random.chance(0.07))
    session.event('newsletter_subscribe', 'content', { list: 'product' })
  if (path.startsWith('/blog/') && random.chance(0.05))
    session.event('share', 'content', { to: random.pick(['link', 'mastodon', 'linkedin']) }, 'click')
  if (path === '/features' && random.chance(0.25))
    session.event('video_play', 'content', { video: 'tour', seconds: random.int(5, 94) })
}
