// Of its own, and empty: Next.js would take the product's.
export default {}
