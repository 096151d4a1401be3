import { Button, PasswordInput, type PasswordInputProps, Stack, TextInput, type TextInputProps } from '@mantine/core'
import { createContext, type FormEvent, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/ui/problem-alert'
import { useFormProblem } from './form-problem'

type FieldName = 'name' | 'email' | 'password'

interface AccountFormProps {
  act: { error: unknown; isPending: boolean }
  /** The inputs of this form, by name: a refusal of one of them stands under it. */
  fields: readonly FieldName[]
  /** What was typed, by the name of the input. */
  onSubmit: (typed: (name: string) => string) => void
  /** The name of the act. */
  submit: string
  /** What the reader can do after a refusal. */
  afterProblem?: ReactNode
  below?: ReactNode
  children: ReactNode
}

const UnderInput = createContext<(name: string) => string | undefined>(() => undefined)

/** Inputs, one act, and its refusal where it belongs. */
export function AccountForm({ act, fields, onSubmit, submit, afterProblem, below, children }: AccountFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const { t } = useTranslation('account')
  const { under, above } = useFormProblem(act.error, fields)
  const [missing, setMissing] = useState<readonly FieldName[]>([])
  const said = (name: string) => {
    const empty = missing.find((other) => other === name)
    return empty ? t(`field.missing_${empty}`) : under(name)
  }

  useEffect(() => {
    if (act.error || missing.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [act.error, missing])

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    // All that is empty at once, before the server is asked.
    const empty = fields.filter((name) => String(values.get(name) ?? '').trim() === '')
    setMissing(empty)
    if (empty.length > 0) return
    onSubmit((name) => String(values.get(name)))
  }
  return (
    <form ref={form} onSubmit={send} noValidate>
      <Stack gap="md">
        <ProblemAlert error={missing.length > 0 ? null : above} takeFocus>
          {afterProblem}
        </ProblemAlert>
        <UnderInput value={said}>{children}</UnderInput>
        <Button type="submit" loading={act.isPending}>
          {submit}
        </Button>
        {below}
      </Stack>
    </form>
  )
}

export function NameField(props: TextInputProps) {
  const { t } = useTranslation('account')
  return <TextInput {...useInput('name')} label={t('field.name')} autoComplete="name" {...props} />
}

/** `autoComplete` says whether it is asked for as an address, or as the name of the account. */
export function EmailField(props: TextInputProps & { autoComplete: 'email' | 'username' }) {
  const { t } = useTranslation('account')
  return <TextInput {...useInput('email')} type="email" inputMode="email" label={t('field.email')} {...props} />
}

export function PasswordField(props: PasswordInputProps & { autoComplete: 'current-password' | 'new-password' }) {
  const { t } = useTranslation('account')
  return (
    <PasswordInput
      {...useInput('password')}
      label={t('field.password')}
      visibilityToggleButtonProps={{ 'aria-label': t('field.show_password') }}
      {...props}
    />
  )
}

function useInput(name: string) {
  const error = useContext(UnderInput)(name)
  return { name, error, 'aria-invalid': error ? true : undefined, required: true, withAsterisk: false } as const
}
