import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { checkOrganization } from '@/features/signing/api'
import { fieldProblem } from '@/features/signing/document/field-problem'
import { creditCodeFault, tidyCreditCode } from '@/features/signing/identity/credit-code'
import { tidyResidentId } from '@/features/signing/identity/resident-id'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import { Screen } from '@/features/signing/screen'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'

const names = ['name', 'credit_code', 'legal_representative', 'legal_representative_id'] as const
type Name = (typeof names)[number]

export function OrganizationForm() {
  const { t } = useTranslation(['signing', 'problem'])
  const format = useFormat()
  const { rcp, ceremony } = useSigning()
  const known = ceremony.organization
  const days = ceremony.policy.max_age_days
  const [values, setValues] = useState({
    name: known?.name ?? ceremony.recipient.organization ?? '',
    credit_code: known?.credit_code ?? '',
    legal_representative: '',
    legal_representative_id: '',
  })
  const [leftCode, setLeftCode] = useState(false)
  const form = useRef<HTMLDivElement>(null)
  const act = useAct(rcp, (body: Parameters<typeof checkOrganization>[1]) => checkOrganization(rcp, body))
  const problem = act.error ? toProblem(act.error) : null
  const wrongId = problem?.code === 'id_number_invalid' ? 'legal_representative_id' : null
  const field = names.find((name) => name === problem?.params?.what) ?? wrongId ?? fieldProblem(act.error, names).field

  useEffect(() => {
    if (field) form.current?.querySelector<HTMLInputElement>(`[name="${field}"]`)?.focus()
  }, [field])

  const fault = leftCode && values.credit_code !== '' ? creditCodeFault(values.credit_code) : null
  const input = (name: Name) => ({
    name,
    label: t(`organization.${name}`),
    description: t(`organization.${name}_hint`),
    value: values[name],
    required: name !== 'legal_representative_id',
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget
      setValues((old) => ({ ...old, [name]: value }))
      if (field === name) act.reset()
    },
    error: field === name ? problemText(toProblem(act.error), format) : undefined,
  })
  const submit = () =>
    act.mutate({
      name: values.name.trim(),
      credit_code: tidyCreditCode(values.credit_code),
      legal_representative: values.legal_representative.trim(),
      ...(values.legal_representative_id.trim() === ''
        ? {}
        : { legal_representative_id: tidyResidentId(values.legal_representative_id) }),
    })
  const code = input('credit_code')

  return (
    <Screen
      title={t('organization.title')}
      lead={
        <>
          <p>{t('organization.lead')}</p>
          {days === null ? null : <p>{t('organization.age', { count: days })}</p>}
        </>
      }
      onSubmit={submit}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending}>
            {t('organization.submit')}
          </Button>
        </StepBar>
      }
    >
      <SandboxHint hint="organizations" />
      <ProblemAlert error={field ? null : act.error} takeFocus />
      <div ref={form} style={{ display: 'contents' }}>
        <TextInput {...input('name')} autoComplete="organization" />
        <TextInput
          {...code}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          onBlur={() => setLeftCode(true)}
          error={code.error ?? (fault ? t(`problem:credit_code_invalid_${fault}`) : undefined)}
        />
        <TextInput {...input('legal_representative')} autoComplete="off" />
        <TextInput
          {...input('legal_representative_id')}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
      </div>
    </Screen>
  )
}
