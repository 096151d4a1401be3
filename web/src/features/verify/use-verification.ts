import { useRef, useState } from 'react'
import { ApiProblem } from '@/api/problem'
import { upload } from '@/api/upload'
import type { Verification } from './verification'

export type VerificationState =
  | { phase: 'idle' }
  | { phase: 'sending'; name: string; share: number }
  | { phase: 'checking'; name: string }
  | { phase: 'done'; verification: Verification }
  | { phase: 'failed'; name: string; error: unknown }

const looksLikePdf = async (file: File) => (await file.slice(0, 1024).text()).includes('%PDF-')

/** Sends a file to be checked; a file that cannot be a PDF, or is too large, is not sent at all. */
export function useVerification(mostBytes: number | undefined) {
  const [state, setState] = useState<VerificationState>({ phase: 'idle' })
  const abort = useRef<AbortController | null>(null)

  const check = async (file: File) => {
    abort.current?.abort()
    const controller = new AbortController()
    abort.current = controller
    const { name } = file
    const show = (next: VerificationState) => {
      if (abort.current === controller) setState(next)
    }
    try {
      if (mostBytes !== undefined && file.size > mostBytes) {
        throw new ApiProblem({ code: 'pdf_too_large', status: 413, params: { limit: mostBytes } })
      }
      if (!(await looksLikePdf(file))) throw new ApiProblem({ code: 'not_pdf', status: 422 })
      show({ phase: 'sending', name, share: 0 })
      const verification = await upload<Verification>(`/api/v1/verify?name=${encodeURIComponent(name)}`, file, {
        signal: controller.signal,
        onProgress: (share) => show(share < 1 ? { phase: 'sending', name, share } : { phase: 'checking', name }),
      })
      show({ phase: 'done', verification: { ...verification, file: verification.file || name } })
    } catch (error) {
      show({ phase: 'failed', name, error })
    }
  }
  const reset = () => {
    abort.current?.abort()
    abort.current = null
    setState({ phase: 'idle' })
  }
  return { state, check, reset }
}
