import { describe, expect, it } from 'vitest'
import { placeOf } from './options'

describe('where people find Holdfast', () => {
  it.each([
    [undefined, undefined, '', 'http://localhost:3000'],
    ['/holdfast', undefined, '/holdfast', 'http://localhost:3000/holdfast'],
    ['/sites/holdfast/', undefined, '/sites/holdfast', 'http://localhost:3000/sites/holdfast'],
    ['/', undefined, '', 'http://localhost:3000'],
    ['', 'https://host.example/', '', 'https://host.example'],
    [undefined, 'https://host.example', '', 'https://host.example'],
    [undefined, 'https://host.example/holdfast/', '/holdfast', 'https://host.example/holdfast'],
    [undefined, 'https://host.example/holdfast/api/auth', '/holdfast', 'https://host.example/holdfast'],
    ['/holdfast', 'https://host.example', '/holdfast', 'https://host.example/holdfast'],
    ['/holdfast', 'https://host.example/holdfast', '/holdfast', 'https://host.example/holdfast'],
    ['/holdfast', 'https://host.example/api/auth', '/holdfast', 'https://host.example/holdfast'],
  ])('--base-path %s with NEXTAUTH_URL %s', (given, address, basePath, url) => {
    expect(placeOf(3000, given, address)).toEqual({ basePath, url })
  })

  it.each([
    ['holdfast', undefined],
    ['//evil.example', undefined],
    ['/a/../b', undefined],
    ['/api', undefined],
    ['/api/x', undefined],
    ['/_next', undefined],
    ['/a//b', undefined],
    ['/:path*', undefined],
    ['/a b', undefined],
    ['/ä', undefined],
    ['/a?b', undefined],
    ['/other', 'https://host.example/holdfast'],
    ['/', 'https://host.example/holdfast'],
    [undefined, 'host.example'],
    [undefined, 'https://host.example/a?b=1'],
    [undefined, 'https://host.example/a%2fb'],
  ])('refuses --base-path %s with NEXTAUTH_URL %s', (given, address) => {
    expect(() => placeOf(3000, given, address)).toThrow(/--base-path|NEXTAUTH_URL/)
  })
})
