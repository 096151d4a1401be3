import { Alert, type AlertProps } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { useFormat } from '@/i18n/format'

interface ProblemAlertProps extends Omit<AlertProps, 'title' | 'children'> {
  /** What was thrown; nothing is shown for null and undefined. */
  error: unknown
  title?: string
  /** What the reader can do, under the sentence. */
  children?: ReactNode
  /** Moves the focus here when the problem appears: for answers to a button press. */
  takeFocus?: boolean
}

/** Says what went wrong: icon, title, sentence, next act. Never colour alone. */
export function ProblemAlert({ error, title, children, takeFocus = false, ...rest }: ProblemAlertProps) {
  const { t } = useTranslation(['common', 'problem'])
  const format = useFormat()
  const ref = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (error && takeFocus) ref.current?.focus()
  }, [error, takeFocus])

  if (!error) return null
  return (
    <Alert
      ref={ref}
      tabIndex={-1}
      role="alert"
      color="seal"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? t('problem:title')}
      {...rest}
    >
      {problemText(toProblem(error), format)}
      {children}
    </Alert>
  )
}
