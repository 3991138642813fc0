'use client'

import shared from './demo.module.css'
import { formatPrice } from './products'
import { sumCart, useShop } from './store'

/** What the cart costs. */
export function Sums() {
  const { goods, off, total } = sumCart(useShop())
  return (
    <dl className={shared.rows}>
      <div className={shared.row}>
        <dt>Goods</dt>
        <dd>{formatPrice(goods)}</dd>
      </div>
      {off > 0 && (
        <div className={shared.row}>
          <dt>Coupon</dt>
          <dd>−{formatPrice(off)}</dd>
        </div>
      )}
      <div className={shared.row}>
        <dt>Delivery</dt>
        <dd>Free</dd>
      </div>
      <div className={`${shared.row} ${shared.total}`}>
        <dt>Total</dt>
        <dd>{formatPrice(total)}</dd>
      </div>
    </dl>
  )
}
