import { Button, FileButton } from '@mantine/core'
import type { ReactNode } from 'react'

interface ChooseFileProps {
  onFiles: (files: File[]) => void
  /** What is asked for: a PDF, alone or with its activation proof, or the proof. */
  what?: 'document' | 'proof'
  primary?: boolean
  children: ReactNode
}

const accepted = {
  document: 'application/pdf,.pdf,application/json,.json',
  proof: 'application/json,.json',
}

export function ChooseFile({ onFiles, what = 'document', primary = false, children }: ChooseFileProps) {
  return (
    <FileButton multiple accept={accepted[what]} onChange={(files) => files.length > 0 && onFiles(files)}>
      {(props) => (
        <Button {...props} variant={primary ? 'filled' : 'default'}>
          {children}
        </Button>
      )}
    </FileButton>
  )
}
