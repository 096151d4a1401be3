import { act, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useAutosave } from './use-autosave'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function autosave(save: (value: string) => Promise<string>, blocked = false) {
  return renderHook(({ value, wait }) => useAutosave({ value, save, blocked: wait, delay: 500 }), {
    initialProps: { value: 'a', wait: blocked },
  })
}

describe('autosave', () => {
  it('saves once, a while after the last change', async () => {
    const save = vi.fn(async (value: string) => value)
    const { result, rerender } = autosave(save)
    rerender({ value: 'ab', wait: false })
    rerender({ value: 'abc', wait: false })
    expect(result.current.state.kind).toBe('pending')
    await act(() => vi.advanceTimersByTimeAsync(600))
    expect(save.mock.calls).toEqual([['abc']])
    expect(result.current.state.kind).toBe('saved')
  })

  it('saves what was typed while it was saving', async () => {
    let finish = () => {}
    const save = vi.fn((value: string) => new Promise<string>((resolve) => (finish = () => resolve(value))))
    const { result, rerender } = autosave(save)
    rerender({ value: 'b', wait: false })
    await act(() => vi.advanceTimersByTimeAsync(600))
    rerender({ value: 'bc', wait: false })
    await act(async () => finish())
    await act(() => vi.advanceTimersByTimeAsync(600))
    await act(async () => finish())
    expect(save.mock.calls).toEqual([['b'], ['bc']])
    expect(result.current.state.kind).toBe('saved')
  })

  it('keeps what was refused, says so, and tries again', async () => {
    const save = vi.fn(async (value: string) => value)
    save.mockRejectedValueOnce(new TypeError('offline'))
    const { result, rerender } = autosave(save)
    rerender({ value: 'b', wait: false })
    await act(() => vi.advanceTimersByTimeAsync(600))
    expect(result.current.state.kind).toBe('failed')
    await act(() => vi.advanceTimersByTimeAsync(11_000))
    expect(save).toHaveBeenCalledTimes(2)
    expect(result.current.state.kind).toBe('saved')
  })

  it('waits while the value cannot be sent', async () => {
    const save = vi.fn(async (value: string) => value)
    const { result, rerender } = autosave(save)
    rerender({ value: 'b', wait: true })
    await act(() => vi.advanceTimersByTimeAsync(2000))
    expect(save).not.toHaveBeenCalled()
    expect(await act(() => result.current.flush())).toBe(false)
    rerender({ value: 'bc', wait: false })
    expect(await act(() => result.current.flush())).toBe(true)
    expect(save.mock.calls).toEqual([['bc']])
  })

  it('saves what is left when the step is left', async () => {
    const save = vi.fn(async (value: string) => value)
    const { rerender, unmount } = autosave(save)
    rerender({ value: 'b', wait: false })
    unmount()
    expect(save.mock.calls).toEqual([['b']])
  })
})
