import { useRef, useState } from 'react'
import { ApiProblem } from '@/api/problem'
import { upload } from '@/api/upload'
import type { Verification } from './verification'

/** What came of the file beside the document: its name, and why it was not used. */
export type Proof = { name: string; refused: unknown } | null

/** What the reader knows from elsewhere, one a line: passkeys of signers, policies of authorities. */
export interface Known {
  passkeys: string
  attests: string
}

export type VerificationState =
  | { phase: 'idle' }
  | { phase: 'sending'; name: string; share: number }
  | { phase: 'checking'; name: string }
  | { phase: 'done'; verification: Verification; proof: Proof }
  | { phase: 'failed'; name: string; error: unknown }

/** Larger than any activation proof that the server reads, in bytes. */
const mostProof = 4 * 1024 * 1024

const looksLikePdf = async (file: File) => (await file.slice(0, 1024).text()).includes('%PDF-')
const looksLikeProof = (file: File) => file.type === 'application/json' || file.name.toLowerCase().endsWith('.json')

/**
 * Sends a PDF to be checked, with its activation proof where there is one; what cannot be a PDF, or is too large, is not
 * sent at all. A proof that comes alone goes with the PDF that was checked last. One that does not fit takes nothing from
 * the verdict on the PDF: it is said of the proof.
 */
export function useVerification(mostBytes: number | undefined) {
  const [state, setState] = useState<VerificationState>({ phase: 'idle' })
  const abort = useRef<AbortController | null>(null)
  const last = useRef<{ file: File; verification: Verification | null } | null>(null)
  /** The proof that was used, and what the reader knows: of the file that was checked last. */
  const used = useRef<File | null>(null)
  const said = useRef<Known>({ passkeys: '', attests: '' })

  const check = async (files: readonly File[], known: Known = said.current) => {
    abort.current?.abort()
    const controller = new AbortController()
    abort.current = controller
    const proof = files.find(looksLikeProof) ?? (files.length === 0 ? (used.current ?? undefined) : undefined)
    said.current = known
    const file = files.find((it) => !looksLikeProof(it)) ?? last.current?.file
    const name = (file ?? proof)?.name ?? ''
    const show = (next: VerificationState) => {
      if (abort.current === controller) setState(next)
    }
    const ask = async (file: File, proof: File | undefined) => {
      const query = new URLSearchParams({ name, ...(proof ? { proof: String(proof.size) } : {}) })
      for (const part of ['passkeys', 'attests'] as const) {
        const lines = known[part].split(/[\s,]+/).filter(Boolean)
        if (lines.length > 0) query.set(part, lines.join(','))
      }
      const answer = await upload<Verification>(`/api/v1/verify?${query}`, proof ? new Blob([proof, file]) : file, {
        signal: controller.signal,
        onProgress: (share) => show(share < 1 ? { phase: 'sending', name, share } : { phase: 'checking', name }),
      })
      const verification = { ...answer, file: answer.file || name }
      last.current = { file, verification }
      used.current = proof ?? null
      return verification
    }
    try {
      if (!file) throw new ApiProblem({ code: 'proof_alone', status: 422 })
      if (mostBytes !== undefined && file.size > mostBytes) {
        throw new ApiProblem({ code: 'pdf_too_large', status: 413, params: { limit: mostBytes } })
      }
      if (!(await looksLikePdf(file))) throw new ApiProblem({ code: 'not_pdf', status: 422 })
      if (last.current?.file !== file) last.current = { file, verification: null }
      const before = last.current.verification
      show({ phase: 'sending', name, share: 0 })
      if (!proof) return show({ phase: 'done', verification: await ask(file, undefined), proof: null })
      try {
        const tooLarge = proof.size === 0 || proof.size > mostProof
        if (tooLarge) throw new ApiProblem({ code: 'proof_invalid', status: 422 })
        show({ phase: 'done', verification: await ask(file, proof), proof: { name: proof.name, refused: null } })
      } catch (refused) {
        if (!(refused instanceof ApiProblem && refused.code.startsWith('proof_'))) throw refused
        const verification = before ?? (await ask(file, undefined))
        show({ phase: 'done', verification, proof: { name: proof.name, refused } })
      }
    } catch (error) {
      show({ phase: 'failed', name, error })
    }
  }
  const reset = () => {
    abort.current?.abort()
    abort.current = null
    setState({ phase: 'idle' })
  }
  return { state, check, reset, known: said.current }
}
