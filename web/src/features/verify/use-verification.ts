import { useRef, useState } from 'react'
import { ApiProblem } from '@/api/problem'
import { upload } from '@/api/upload'
import type { Verification } from './verification'

export type VerificationState =
  | { phase: 'idle' }
  | { phase: 'sending'; name: string; share: number }
  | { phase: 'checking'; name: string }
  | { phase: 'done'; verification: Verification; proof: string | null }
  | { phase: 'failed'; name: string; error: unknown }

/** Larger than any activation proof that the server reads, in bytes. */
const mostProof = 4 * 1024 * 1024

const looksLikePdf = async (file: File) => (await file.slice(0, 1024).text()).includes('%PDF-')
const looksLikeProof = (file: File) => file.type === 'application/json' || file.name.toLowerCase().endsWith('.json')

/**
 * Sends a PDF to be checked, with its activation proof where there is one; what cannot be a PDF, or is too large, is not
 * sent at all. A proof that comes alone goes with the PDF that was checked last.
 */
export function useVerification(mostBytes: number | undefined) {
  const [state, setState] = useState<VerificationState>({ phase: 'idle' })
  const abort = useRef<AbortController | null>(null)
  const last = useRef<File | null>(null)

  const check = async (files: readonly File[]) => {
    abort.current?.abort()
    const controller = new AbortController()
    abort.current = controller
    const proof = files.find(looksLikeProof)
    const file = files.find((it) => !looksLikeProof(it)) ?? last.current
    const name = (file ?? proof)?.name ?? ''
    const show = (next: VerificationState) => {
      if (abort.current === controller) setState(next)
    }
    try {
      if (!file) throw new ApiProblem({ code: 'proof_alone', status: 422 })
      if (mostBytes !== undefined && file.size > mostBytes) {
        throw new ApiProblem({ code: 'pdf_too_large', status: 413, params: { limit: mostBytes } })
      }
      if (!(await looksLikePdf(file))) throw new ApiProblem({ code: 'not_pdf', status: 422 })
      if (proof && (proof.size === 0 || proof.size > mostProof)) {
        throw new ApiProblem({ code: 'proof_invalid', status: 422 })
      }
      last.current = file
      show({ phase: 'sending', name, share: 0 })
      const query = new URLSearchParams({ name, ...(proof ? { proof: String(proof.size) } : {}) })
      const body = proof ? new Blob([proof, file]) : file
      const verification = await upload<Verification>(`/api/v1/verify?${query}`, body, {
        signal: controller.signal,
        onProgress: (share) => show(share < 1 ? { phase: 'sending', name, share } : { phase: 'checking', name }),
      })
      show({
        phase: 'done',
        verification: { ...verification, file: verification.file || name },
        proof: proof?.name ?? null,
      })
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
