'use client'

import { useSyncExternalStore } from 'react'
import { findProduct, type Product } from './products'

export interface Customer {
  /** Made here; what the tracker knows a customer by. */
  id: string
  name: string
  email: string
}

export interface Address {
  name: string
  street: string
  town: string
}

export interface Shop {
  cart: { id: string; quantity: number }[]
  /** One pass through the checkout: from the first thing in the cart until it is paid. */
  runId: string | null
  /** The part of the price that a coupon takes off, from 0 to 1. */
  discount: number
  address: Address | null
  /** The last one. */
  order: { number: string; total: number } | null
  wishlist: string[]
  customer: Customer | null
  /** Who signed up on this device. */
  customers: Customer[]
  /** What was said at the switch in the account; the tracker keeps its own. */
  recording: boolean
}

const KEY = 'saltmarsh'
const empty: Shop = {
  cart: [],
  runId: null,
  discount: 0,
  address: null,
  order: null,
  wishlist: [],
  customer: null,
  customers: [],
  recording: true,
}

let shop: Shop | undefined
const listeners = new Set<() => void>()

/** What the shop knows of this visitor: kept in the browser alone. */
export function readShop(): Shop {
  shop ??= load()
  return shop
}

/** Changes what the shop knows, in this tab and for the next visit. */
export function changeShop(changes: Partial<Shop>): void {
  shop = { ...readShop(), ...changes }
  try {
    localStorage.setItem(KEY, JSON.stringify(shop))
  } catch {
    // Storage that is full or forbidden costs the next visit, not this one.
  }
  for (const listener of listeners) listener()
}

function load(): Shop {
  try {
    return { ...empty, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') }
  } catch {
    return empty
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What the shop knows; on the server, and until the page is alive, of a new visitor. */
export const useShop = (): Shop => useSyncExternalStore(subscribe, readShop, () => empty)

/** Whether what the browser keeps is known: before that, a cart is not empty but unknown. */
export const useAlive = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  )

/** An id that nobody can guess or meet twice. `crypto.randomUUID` is there on HTTPS only. */
export function makeId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6))
  return `${prefix}-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The lines of the cart with their products, and what they cost in cents. */
export function sumCart({ cart, discount }: Shop) {
  const lines = cart.flatMap(({ id, quantity }) => {
    const product = findProduct(id)
    return product ? [{ product, quantity }] : []
  })
  const items = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const goods = lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0)
  const off = Math.round(goods * discount)
  return { lines, items, goods, off, total: goods - off }
}

/** Sets how many of a product are in the cart; none takes it out. */
export function setQuantity({ id }: Product, quantity: number): void {
  const { cart, runId, discount } = readShop()
  const known = cart.some((line) => line.id === id)
  const changed = known
    ? cart.map((line) => (line.id === id ? { id, quantity } : line))
    : [...cart, { id, quantity }]
  const left = changed.filter((line) => line.quantity > 0)
  changeShop({
    cart: left,
    runId: left.length > 0 ? (runId ?? makeId('checkout')) : null,
    discount: left.length > 0 ? discount : 0,
  })
}

/** How many of a product are in the cart. */
export const quantityOf = ({ cart }: Shop, { id }: Product): number =>
  cart.find((line) => line.id === id)?.quantity ?? 0
