import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import type { PropsWithChildren } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { WillOffered } from '@/api/types'
import { askWillPasskey, offerActivation, registerWillPasskey } from '@/features/signing/api'
import { useOffered } from './use-offered'

vi.mock('@/features/signing/api', () => ({
  askWillPasskey: vi.fn(),
  offerActivation: vi.fn(),
  registerWillPasskey: vi.fn(),
}))
vi.mock('@/features/signing/key/passkey', () => ({ registerPasskey: async () => ({ credential: 'made' }) }))
vi.mock('@/features/signing/signing-context', () => ({ useSigning: () => ({ rcp: 'rcp_1', ceremony: before }) }))
vi.mock('@/features/signing/use-ceremony', () => ({ useAct: (_: string, run: unknown) => ({ mutate: run }) }))

const before = {
  step: 'confirm',
  identity: { consents: { version: '1' } },
  recipient: { kind: 'person', organization: null },
  organization: null,
  envelope: { documents: [] },
}
const after = { ...before, registered: true }
const lost: WillOffered = { by: 'passkey', to: null, methods: [], registered: true, can_register: true }
const wrapper = ({ children }: PropsWithChildren) => (
  <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
)

describe('a passkey that shows the will', () => {
  beforeEach(() => {
    vi.mocked(askWillPasskey)
      .mockReset()
      .mockResolvedValue({ id: 'chl_1' } as never)
    vi.mocked(registerWillPasskey)
      .mockReset()
      .mockResolvedValue(after as never)
    vi.mocked(offerActivation)
      .mockReset()
      .mockResolvedValue({ id: 'act_1' } as never)
  })

  it('is asked as it is where there is one', async () => {
    const { result } = renderHook(() => useOffered(), { wrapper })
    await act(async () => result.current.offer.mutate(lost))
    expect(registerWillPasskey).not.toHaveBeenCalled()
    expect(offerActivation).toHaveBeenCalledOnce()
  })

  it('is registered anew where the one that there is was lost', async () => {
    const { result } = renderHook(() => useOffered(), { wrapper })
    let shown: unknown
    await act(async () => {
      shown = await result.current.offer.mutate({ ...lost, registered: false })
    })
    expect(registerWillPasskey).toHaveBeenCalledWith('rcp_1', { id: 'chl_1', credential: 'made' })
    expect(shown).toBe(after)
    expect(vi.mocked(offerActivation).mock.calls[0]?.[2]).toBe(after)
  })
})
