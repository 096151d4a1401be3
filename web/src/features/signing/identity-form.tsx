import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { checkIdentity } from './api'
import { fieldProblem } from './field-problem'
import { residentIdFault, tidyResidentId } from './resident-id'
import { SandboxHint } from './sandbox-hint'
import { Screen } from './screen'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

const names = ['name', 'id_number', 'phone'] as const
type Name = (typeof names)[number]

export function IdentityForm() {
  const { t } = useTranslation(['signing', 'problem'])
  const format = useFormat()
  const { rcp, ceremony } = useSigning()
  const [values, setValues] = useState({ name: ceremony.recipient.name, id_number: '', phone: '' })
  const [leftId, setLeftId] = useState(false)
  const form = useRef<HTMLDivElement>(null)
  const act = useAct(rcp, (body: typeof values) => checkIdentity(rcp, body))
  const { field } = fieldProblem(act.error, names)

  useEffect(() => {
    if (field) form.current?.querySelector<HTMLInputElement>(`[name="${field}"]`)?.focus()
  }, [field])

  const set = (name: Name) => (event: React.ChangeEvent<HTMLInputElement>) => {
    const { value } = event.currentTarget
    setValues((old) => ({ ...old, [name]: value }))
    if (field === name) act.reset()
  }
  const fault = leftId && values.id_number !== '' ? residentIdFault(values.id_number) : null
  const refusal = act.error ? problemText(toProblem(act.error), format) : ''
  const errorOf = (name: Name) => {
    if (field === name) return refusal
    return name === 'id_number' && fault ? t(`problem:id_number_invalid_${fault}`) : undefined
  }
  const submit = () =>
    act.mutate({
      name: values.name.trim(),
      id_number: tidyResidentId(values.id_number),
      phone: values.phone.replace(/[\s-]/g, ''),
    })

  return (
    <Screen
      title={t('identity.title')}
      lead={
        <>
          {ceremony.recipient.kind === 'organization' ? <p>{t('identity.agent_lead')}</p> : null}
          <p>{t('identity.lead')}</p>
        </>
      }
      onSubmit={submit}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending}>
            {t('identity.submit')}
          </Button>
        </StepBar>
      }
    >
      <SandboxHint hint="people" />
      <ProblemAlert error={field ? null : act.error} takeFocus />
      <div ref={form} style={{ display: 'contents' }}>
        <TextInput
          name="name"
          label={t('identity.name')}
          description={t('identity.name_hint')}
          autoComplete="name"
          value={values.name}
          onChange={set('name')}
          error={errorOf('name')}
          required
        />
        <TextInput
          name="id_number"
          label={t('identity.id_number')}
          description={t('identity.id_number_hint')}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={values.id_number}
          onChange={set('id_number')}
          onBlur={() => setLeftId(true)}
          error={errorOf('id_number')}
          required
        />
        <TextInput
          name="phone"
          type="tel"
          inputMode="tel"
          label={t('identity.phone')}
          description={t('identity.phone_hint')}
          autoComplete="tel-national"
          value={values.phone}
          onChange={set('phone')}
          error={errorOf('phone')}
          required
        />
      </div>
    </Screen>
  )
}
