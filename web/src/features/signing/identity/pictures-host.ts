import type { UseMutationResult } from '@tanstack/react-query'
import type { ComponentType, ReactNode } from 'react'
import type { PicturePart } from '@/api/types'
import type { FrameProps } from './identity-host'

/** Where pictures are brought, and where the reviewer is waited for: in a ceremony, or in an account. */
export interface PicturesHost {
  Frame: ComponentType<FrameProps>
  Bar: ComponentType<{ children: ReactNode }>
  /** An act whose answer is how things stand now. */
  useAct: <Input = void>(act: (input: Input) => Promise<unknown>) => UseMutationResult<unknown, unknown, Input>
  add: (part: PicturePart, picture: Blob) => Promise<unknown>
  submit: () => Promise<unknown>
}
