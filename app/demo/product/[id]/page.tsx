import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ProductView } from '@/components/demo/product-view'
import { findProduct } from '@/components/demo/products'

interface ProductPageProps {
  params: Promise<{ id: string }>
}

export async function generateMetadata({ params }: ProductPageProps): Promise<Metadata> {
  return { title: findProduct((await params).id)?.name ?? 'Not found' }
}

export default async function ProductPage({ params }: ProductPageProps) {
  const { id } = await params
  if (!findProduct(id)) notFound()
  return <ProductView id={id} />
}
