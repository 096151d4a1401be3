import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router'
import { cleanup, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, test } from 'vitest'
import { serverQuery, sessionQuery } from '@/api/account'
import type { Server } from '@/api/types'
import { TrySteps } from '@/features/landing/try-steps'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import { SideLinks } from '@/ui/side-links'

afterEach(cleanup)

function shown(sandbox: boolean, children: ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  client.setQueryData(serverQuery.queryKey, { trust: 'test', outbox: true, sandbox } as Server)
  client.setQueryData(sessionQuery.queryKey, null)
  const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() })
  return render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <RouterContextProvider router={router as never}>{children}</RouterContextProvider>
      </QueryClientProvider>
    </MantineProvider>,
  )
}

const links = (container: HTMLElement) =>
  [...container.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '')

const everything = (sandbox: boolean) => (
  <>
    <SideLinks />
    <TrySteps outbox sandbox={sandbox} />
    <SandboxHint hint="people" />
    <SandboxHint hint="organizations" />
    <SandboxHint hint="bank" />
    <SandboxHint hint="camera" />
  </>
)

test('an open sandbox is linked to from where it helps', () => {
  const found = links(shown(true, everything(true)).container).filter((href) => href.startsWith('/sandbox'))
  expect(found).toEqual(['/sandbox', '/sandbox', '/sandbox#people', '/sandbox#organizations', '/sandbox#bank'])
})

test('a closed sandbox is not linked to, nor spoken of', () => {
  const { container } = shown(false, everything(false))
  expect(links(container).filter((href) => href.includes('sandbox'))).toEqual([])
  expect(container.querySelectorAll('aside')).toHaveLength(0)
})
