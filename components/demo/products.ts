export const categories = ['galley', 'deck', 'ashore'] as const
export type Category = (typeof categories)[number]

export interface Product {
  id: string
  name: string
  category: Category
  /** In euro cents. */
  price: number
  line: string
  /** What it is made of, and how it is looked after. */
  care: string
}

/** What the shop sells. */
export const products: Product[] = [
  {
    id: 'kettle',
    name: 'Enamel kettle',
    category: 'galley',
    price: 4200,
    line: 'Holds a litre and a half, and its handle stays up.',
    care: 'Enamelled steel. Dry it after use; it does not mind a flame.',
  },
  {
    id: 'mug',
    name: 'Deep mug',
    category: 'galley',
    price: 1600,
    line: 'Narrow at the top, so that less is spilt in a swell.',
    care: 'Stoneware. Goes into the dishwasher.',
  },
  {
    id: 'flask',
    name: 'Night watch flask',
    category: 'galley',
    price: 3400,
    line: 'Keeps tea hot from the evening to the morning watch.',
    care: 'Stainless steel. Leave the lid off while it is put away.',
  },
  {
    id: 'knife',
    name: 'Rigging knife',
    category: 'deck',
    price: 5800,
    line: 'A blunt tip, a straight edge, and a ring for the lanyard.',
    care: 'Carbon steel and ash. A drop of oil keeps the rust away.',
  },
  {
    id: 'lantern',
    name: 'Anchor lantern',
    category: 'deck',
    price: 6400,
    line: 'A warm light that burns for thirty hours.',
    care: 'Brass and glass. Polish it, or let it go dark.',
  },
  {
    id: 'rope',
    name: 'Hemp rope, 10 m',
    category: 'deck',
    price: 2200,
    line: 'Soft in the hand, with both ends whipped.',
    care: 'Hemp. Hang it up to dry, never in the sun.',
  },
  {
    id: 'compass',
    name: 'Hand compass',
    category: 'deck',
    price: 7900,
    line: 'Damped well, and readable at arm’s length.',
    care: 'Aluminium. Keep it away from loudspeakers.',
  },
  {
    id: 'bag',
    name: 'Dry bag, 20 l',
    category: 'deck',
    price: 3900,
    line: 'Rolled three times and clipped, it floats.',
    care: 'Coated canvas. Rinse off the salt.',
  },
  {
    id: 'blanket',
    name: 'Wool blanket',
    category: 'ashore',
    price: 9800,
    line: 'Heavy enough for a cold harbour.',
    care: 'Undyed sheep’s wool. Air it; wash it seldom and cool.',
  },
  {
    id: 'beanie',
    name: 'Fisher’s beanie',
    category: 'ashore',
    price: 2900,
    line: 'Knitted twice round, and long enough for the ears.',
    care: 'Merino wool. Wash it by hand.',
  },
  {
    id: 'logbook',
    name: 'Log book',
    category: 'ashore',
    price: 1900,
    line: 'Two hundred pages, with a column for the wind.',
    care: 'Stone paper. Rain does not hurt it.',
  },
  {
    id: 'chart',
    name: 'Chart of the bay',
    category: 'ashore',
    price: 3100,
    line: 'A print of the survey of 1884. Not for navigation.',
    care: 'Cotton paper. Comes rolled.',
  },
]

/** The product with this id. */
export const findProduct = (id: string): Product | undefined => products.find((one) => one.id === id)

/** Takes the time that a shop's server would. */
const asIfAsked = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The products whose words hold every word that is looked for. */
export async function searchProducts(wanted: string): Promise<Product[]> {
  await asIfAsked(180)
  const words = wanted.toLowerCase().split(/\s+/)
  return products.filter(({ name, line, category }) => {
    const text = `${name} ${line} ${category}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The part of the price that a coupon takes off, from 0 to 1. @throws Error for one that the shop does not know */
export async function checkCoupon(code: string): Promise<number> {
  await asIfAsked(320)
  if (code.trim().toUpperCase() !== 'HARBOUR10') throw new Error('The coupon is not known')
  return 0.1
}

const euros = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'EUR' })

/** Cents as euros: €24.00. */
export const formatPrice = (cents: number): string => euros.format(cents / 100)
