import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { type ComponentType, createContext, type ReactNode, useContext } from 'react'
import { ApiProblem } from '@/api/problem'
import type { DataPurpose, IdentityInput, PicturePart } from '@/api/types'
import type { IdentityState } from '@/features/signing/ceremony-types'
import type { Locale } from '@/i18n/locale'

export interface FrameProps {
  title: string
  /** Above the title: what has become of it, at a glance. */
  mark?: ReactNode
  lead?: ReactNode
  children: ReactNode
  bar?: ReactNode
  onSubmit?: () => void
}

/** Where somebody is verified: in a ceremony, or in an account. The steps are the same; what stands around them differs. */
export interface IdentityHost {
  identity: IdentityState
  /** The name that the form begins with. */
  name: string
  isAgent: boolean
  inAccount: boolean
  Frame: ComponentType<FrameProps>
  Bar: ComponentType<{ children: ReactNode }>
  /** What is left to somebody who does not agree. */
  Refused: ComponentType<{ opened: boolean; close: () => void }>
  acts: {
    check: (body: IdentityInput) => Promise<unknown>
    code: (digits: string) => Promise<unknown>
    resend: () => Promise<unknown>
    restart: () => Promise<unknown>
    poll: () => Promise<unknown>
    refuse: (body: { purpose: DataPurpose; locale: Locale }) => Promise<unknown>
    addPicture: (part: PicturePart, picture: Blob) => Promise<unknown>
    submitPictures: () => Promise<unknown>
  }
  /** What the answers replace. */
  queryKey: QueryKey
  /** An answer came. */
  answered: (answer: unknown) => void
}

export const IdentityHostContext = createContext<IdentityHost | null>(null)

export function useIdentityHost(): IdentityHost {
  const host = useContext(IdentityHostContext)
  if (!host) throw new Error('this part of the page belongs where somebody is verified')
  return host
}

const stale = ['session_missing', 'step_not_ready', 'envelope_state']

/** An act: its answer is how things stand now. */
export function useIdentityAct<Input = void>(act: (input: Input) => Promise<unknown>) {
  const { queryKey, answered } = useIdentityHost()
  const client = useQueryClient()
  return useMutation<unknown, unknown, Input>({
    mutationFn: act,
    onMutate: () => client.cancelQueries({ queryKey }),
    onSuccess: (answer) => {
      client.setQueryData(queryKey, answer)
      answered(answer)
    },
    onError: (error) => {
      if (!(error instanceof ApiProblem)) return
      // A wrong answer has cost a try, which stands in what is shown too.
      const triedInVain = error.problem.params?.tries_left !== undefined
      if (triedInVain || stale.includes(error.code)) void client.invalidateQueries({ queryKey })
    },
  })
}
