import { Button, FileButton } from '@mantine/core'
import type { ReactNode } from 'react'

interface ChooseFileProps {
  onFile: (file: File) => void
  primary?: boolean
  children: ReactNode
}

export function ChooseFile({ onFile, primary = false, children }: ChooseFileProps) {
  return (
    <FileButton accept="application/pdf,.pdf" onChange={(file) => file && onFile(file)}>
      {(props) => (
        <Button {...props} variant={primary ? 'filled' : 'default'}>
          {children}
        </Button>
      )}
    </FileButton>
  )
}
