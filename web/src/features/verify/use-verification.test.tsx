import { act, renderHook, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { upload } from '@/api/upload'
import { useVerification } from './use-verification'

vi.mock('@/api/upload', () => ({ upload: vi.fn() }))

const pdf = (name: string) => new File(['%PDF-1.7 '], name, { type: 'application/pdf' })
const proof = new File(['{}'], 'proof.json', { type: 'application/json' })
const asked = vi.mocked(upload)

/** As the server: what it says of a PDF, and that no proof fits. */
const answer = async (address: string) => {
  const query = new URLSearchParams(address.split('?')[1])
  if (query.has('proof')) throw new ApiProblem({ code: 'proof_invalid', status: 422 })
  return { file: query.get('name'), signatures: [] }
}

describe('a PDF with its activation proof', () => {
  beforeEach(() => {
    asked.mockReset()
    asked.mockImplementation(answer as never)
  })

  it('keeps its verdict where the proof does not fit', async () => {
    const { result } = renderHook(() => useVerification(undefined))
    await act(() => result.current.check([proof, pdf('contract.pdf')]))
    await waitFor(() => expect(result.current.state.phase).toBe('done'))
    expect(result.current.state).toMatchObject({
      verification: { file: 'contract.pdf' },
      proof: { name: 'proof.json', refused: { code: 'proof_invalid' } },
    })
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('is not asked about again for a proof that comes later and does not fit', async () => {
    const { result } = renderHook(() => useVerification(undefined))
    await act(() => result.current.check([pdf('contract.pdf')]))
    await act(() => result.current.check([proof]))
    await waitFor(() => expect(result.current.state).toMatchObject({ proof: { name: 'proof.json' } }))
    expect(result.current.state).toMatchObject({ phase: 'done', verification: { file: 'contract.pdf' } })
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('is named with the proof that was used', async () => {
    asked.mockImplementation((async (address: string) => ({
      file: new URLSearchParams(address.split('?')[1]).get('name'),
      signatures: [],
    })) as never)
    const { result } = renderHook(() => useVerification(undefined))
    await act(() => result.current.check([pdf('contract.pdf')]))
    await act(() => result.current.check([proof]))
    await waitFor(() => expect(result.current.state).toMatchObject({ proof: { refused: null } }))
    expect(result.current.state).toMatchObject({ verification: { file: 'contract.pdf' } })
  })

  it('is judged again with what the reader knows, and with the proof that was used', async () => {
    asked.mockImplementation((async () => ({ file: '', signatures: [] })) as never)
    const { result } = renderHook(() => useVerification(undefined))
    await act(() => result.current.check([proof, pdf('contract.pdf')]))
    await act(() => result.current.check([], { passkeys: 'aa\nbb', attests: '' }))
    const query = new URLSearchParams(asked.mock.calls.at(-1)?.[0].split('?')[1])
    expect(Object.fromEntries(query)).toEqual({ name: 'contract.pdf', proof: '2', passkeys: 'aa,bb' })
  })

  it('cannot be checked where there is only the proof', async () => {
    const { result } = renderHook(() => useVerification(undefined))
    await act(() => result.current.check([proof]))
    expect(result.current.state).toMatchObject({ phase: 'failed', error: { code: 'proof_alone' } })
    expect(asked).not.toHaveBeenCalled()
  })
})
