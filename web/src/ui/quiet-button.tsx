import { Button, type ButtonProps } from '@mantine/core'
import type { ButtonHTMLAttributes } from 'react'

type Props = ButtonProps & Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof ButtonProps>

/** A way aside, in ink and without a frame: it stands in line with the text around it. */
export function QuietButton(props: Props) {
  return <Button variant="subtle" color="gray" c="gray.9" px={0} style={{ alignSelf: 'flex-start' }} {...props} />
}
